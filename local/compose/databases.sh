#!/bin/sh
# Run once by the postgres image on an empty volume: three databases, three roles that can each
# connect to their own database only.
set -eu

in_psql() {
    psql --quiet -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres "$@"
}

make_database() {
    in_psql -v name="$1" -v password="$2" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect, temporary on database :"name" from public;
SQL
}

make_database registration "$REGISTRATION_PASSWORD"
make_database dispatch "$DISPATCH_PASSWORD"
make_database notify "$NOTIFY_PASSWORD"
echo 'revoke connect, temporary on database postgres, template1 from public' | in_psql
