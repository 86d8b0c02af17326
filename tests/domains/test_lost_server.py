"""A database server that is gone without a word must not be waited for."""

import os
from pathlib import Path

import psycopg
import pytest

from hikeshi.config.databases import databases

URL = "postgresql://desk:secret@db.example/hikeshi"


def options(url: str) -> dict[str, object]:
    found = databases(url, Path())["default"]["OPTIONS"]
    assert isinstance(found, dict)
    return found


def test_a_silent_server_is_given_up_within_half_a_minute() -> None:
    said = {name: int(str(value)) for name, value in options(URL).items() if name.startswith(("keep", "tcp", "conn"))}
    assert said["connect_timeout"] <= 5
    assert said["keepalives_idle"] + said["keepalives_interval"] * said["keepalives_count"] <= 30
    assert said["tcp_user_timeout"] <= 30_000


def test_a_url_may_be_more_patient() -> None:
    assert options(f"{URL}?tcp_user_timeout=90000&keepalives=0")["tcp_user_timeout"] == "90000"


def test_the_driver_knows_each_of_these_words() -> None:
    known = {one.keyword.decode() for one in psycopg.pq.Conninfo.get_defaults()}
    assert options(URL).keys() - {"isolation_level"} <= known


@pytest.mark.skipif(os.environ.get("HIKESHI_TEST_DATABASE") != "postgresql", reason="asks a server")
@pytest.mark.django_db
def test_a_connection_has_them() -> None:
    from django.db import connection

    connection.ensure_connection()
    assert connection.connection.info.get_parameters()["tcp_user_timeout"] == "20000"
