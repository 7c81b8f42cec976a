"""Three databases with three login roles, each shut out of the others; for the servers."""

from __future__ import annotations

import time
from collections.abc import Mapping

import psycopg
from psycopg import sql

CONNECT_TIMEOUT = 2
SHARED = ("postgres", "template1")


def make(superuser_url: str, passwords: Mapping[str, str]) -> bool:
    """May be called at every start; what is there stays. True when all databases are new."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("select rolname from pg_roles")}
        databases = {row[0] for row in connection.execute("select datname from pg_database")}
        for name, password in passwords.items():
            if name not in roles:
                _make_role(connection, name, password)
            if name not in databases:
                _make_database(connection, name)
        for name in (*passwords, *SHARED):
            _shut(connection, name)
    return not databases & set(passwords)


def _make_role(connection: psycopg.Connection, name: str, password: str) -> None:
    statement = sql.SQL("create role {} login password {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(password)))


def _make_database(connection: psycopg.Connection, name: str) -> None:
    statement = sql.SQL("create database {} owner {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(name)))


def _shut(connection: psycopg.Connection, name: str) -> None:
    """The owner keeps its own right to connect."""
    statement = sql.SQL("revoke connect, temporary on database {} from public")
    connection.execute(statement.format(sql.Identifier(name)))


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as connection:
            connection.execute("select 1")
    except psycopg.Error:
        return False
    return True


def wait(url: str, deadline: float) -> bool:
    while not answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


def forget_heartbeats(url: str) -> None:
    """Signs of life from before this start must not make a process look ready."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as connection:
            if connection.execute("select to_regclass('heartbeats')").fetchone() != (None,):
                connection.execute("delete from heartbeats")
    except psycopg.Error:
        return
