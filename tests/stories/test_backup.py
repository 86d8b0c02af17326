"""A site saved into one file and put back, by the commands its keeper types, on both databases and across them."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from hikeshi.cli import occupied
from tests.postgres import Postgres
from tests.running import Site, prepare

Desk = Callable[..., Site]
pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    server = Postgres()
    server.start()
    yield server.url
    server.remove(os.getpid())


@pytest.fixture
def desk(tmp_path: Path, postgres: str) -> Iterator[Desk]:
    """Builds sites that have not run yet, each with a database of its own."""
    made: list[str] = []

    def build(name: str, database: str = "sqlite") -> Site:
        (tmp_path / name).mkdir()
        url = ""
        if database == "postgresql":
            made.append(f"{name}_{os.getpid()}")
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {made[-1]}")
            url = urlsplit(postgres)._replace(path=f"/{made[-1]}").geturl()
        return Site(tmp_path / name / "var", url)

    yield build
    for name in made:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


ATTACH = """
import django
django.setup()
from hikeshi.accounts import queries
from hikeshi.incidents import actions
from hikeshi.kernel.acting import system
made = actions.open_incident(by=system("t"), title="x", kind="malware", impact=1, organisation=queries.root().uuid)
actions.attach_file(by=system("t"), ref=made.ref, name="dump.bin", chunks=[bytes(3_000_000)])
"""


def lived_in(site: Site) -> Site:
    prepare(site)
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    subprocess.run([sys.executable, "-c", ATTACH], env=environment, check=True, timeout=240)
    site.run("user", "add", "kato", "--name", "加藤 彩 😀", "--role", "responder")
    (site.data / "rules").mkdir(parents=True)
    (site.data / "rules" / "own.yml").write_text("title: ours\n", encoding="utf-8")
    return site


def give_key(old: Site, new: Site) -> None:
    shutil.copy(old.data.with_name("var.key"), new.data.with_name("var.key"))


def says(site: Site, *verb: str) -> dict[str, object]:
    answer = json.loads(site.run(*verb, "--json").stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(("before", "after"), list(product(("sqlite", "postgresql"), repeat=2)))
def test_what_was_saved_comes_back_whole_and_held(before: str, after: str, desk: Desk, tmp_path: Path) -> None:
    old, new, file = lived_in(desk("old", before)), desk("new", after), tmp_path / "site.backup"
    head = old.run("head").stdout.split()[-1]
    old.run("backup", str(file))
    give_key(old, new)
    assert says(new, "restore", str(file))["holds"]

    assert new.run("verify", "--state", "--files", "--against", head).returncode == 0
    assert says(new, "verify", "--files")["files"] == {"holds": True, "count": 1, "bytes": 3_000_000, "findings": []}
    assert new.run("user", "list", "--json").stdout == old.run("user", "list", "--json").stdout
    assert (new.data / "rules" / "own.yml").read_text(encoding="utf-8") == "title: ours\n"
    assert says(new, "site", "show")["live"] is False
    new.run("user", "add", "mori", "--name", "After the restore")  # numbers go on where they stopped
    assert says(new, "verify", "--state")["holds"]


def test_a_restore_that_cannot_be_right_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    site, file = lived_in(desk("one")), tmp_path / "site.backup"
    site.run("backup", str(file))
    whole = file.read_bytes()
    cut, bent, forged, other = tmp_path / "cut", tmp_path / "bent", tmp_path / "forged", desk("other")
    cut.write_bytes(whole[:-40])
    _bend(file, bent, forge=False)
    _bend(file, forged, forge=True)
    entries = says(site, "verify")["entries"]
    wrongs = ((cut, "not a whole backup"), (bent, "rows/accounts_person"), (forged, "manifest.json"))
    for wrong, why in wrongs:
        refused = site.run("restore", "--force", str(wrong), check=False)
        assert refused.returncode == 1
        assert why in refused.stderr
    assert "--force" in site.run("restore", str(file), check=False).stderr
    assert "another key" in other.run("restore", str(file), check=False).stderr
    after = says(site, "verify", "--state")
    assert (after["holds"], after["entries"]) == (True, entries)


def test_nothing_is_restored_under_a_desk_at_work_but_beside_it_may_be(desk: Desk, tmp_path: Path) -> None:
    site, other, file = lived_in(desk("one")), desk("other"), tmp_path / "site.backup"
    site.run("backup", str(file))
    give_key(site, other)
    with occupied.hold(site.data):
        refused = site.run("restore", "--force", str(file), check=False)
        assert refused.returncode == 1
        assert str(site.data) in refused.stderr
        assert says(other, "restore", str(file))["holds"]
    assert site.run("restore", "--force", str(file)).returncode == 0


def test_a_desk_not_yet_brought_up_to_date_says_so_and_leaves_nothing_half(desk: Desk, tmp_path: Path) -> None:
    """New code over the database of an older version, before its first start."""
    site, file = desk("one"), tmp_path / "site.backup"
    prepare(site)
    with closing(sqlite3.connect(site.data / "hikeshi.sqlite3")) as database, database:
        made = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'service_levels_%'"
        for (table,) in database.execute(made).fetchall():
            database.execute(f"DROP TABLE {table}")
        assert database.execute("DELETE FROM django_migrations WHERE app = 'service_levels'").rowcount
    refused = site.run("backup", str(file), check=False)
    assert refused.returncode == 1
    assert "older version" in refused.stderr
    assert "has never run" not in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.glob("site.backup*")) == []
    site.run("prepare")
    assert site.run("backup", str(file)).returncode == 0


def _bend(file: Path, target: Path, *, forge: bool) -> None:
    """The same archive with one row changed, every checksum of the ZIP right, and the manifest's too if asked."""
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(target, "w") as bent:
        members = {name: archive.read(name) for name in archive.namelist()}
        name = "rows/accounts_person.ndjson"
        before, after = members[name], members[name].replace(b"kato", b"cato")
        members[name] = after
        if forge:
            digests = [hashlib.sha256(content).hexdigest().encode() for content in (before, after)]
            members["manifest.json"] = members["manifest.json"].replace(*digests)
        for member, content in members.items():
            bent.writestr(member, content)


def test_forcing_a_restore_moves_the_old_site_aside(desk: Desk, tmp_path: Path) -> None:
    site, file = lived_in(desk("one")), tmp_path / "site.backup"
    site.run("backup", str(file))
    site.run("user", "add", "late", "--name", "Added after the backup")
    assert says(site, "restore", "--force", str(file))["aside"]
    assert "late" not in site.run("user", "list").stdout
    assert says(site, "verify", "--state")["holds"]
