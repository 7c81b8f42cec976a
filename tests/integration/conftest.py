"""A publisher's and a subscriber's database with nothing but plumbing, and their pools."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from local.servers import EmbeddedServers
from shared.db import Pool
from tests.integration.probe import pool_of, prepare


def _empty(servers: EmbeddedServers, name: str) -> str:
    with psycopg.connect(servers.admin_url, autocommit=True) as conn:
        for order in ("drop database if exists {} with (force)", "create database {}"):
            conn.execute(sql.SQL(order).format(sql.Identifier(name)))
    return prepare(servers.admin_url.rpartition("/")[0] + "/" + name)


@pytest.fixture
def publisher_url(servers: EmbeddedServers) -> str:
    return _empty(servers, "probe_publisher")


@pytest.fixture
def publisher(publisher_url: str) -> Iterator[Pool]:
    with pool_of(publisher_url) as pool:
        yield pool


@pytest.fixture
def subscriber(servers: EmbeddedServers) -> Iterator[Pool]:
    with pool_of(_empty(servers, "probe_subscriber")) as pool:
        yield pool
