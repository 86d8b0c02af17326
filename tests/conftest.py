"""What every test stands on: both databases as real files or a real server, the network shut, the clock put back."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from django.utils import translation

from hikeshi.accounts.hashing import Argon2
from hikeshi.incidents import names
from hikeshi.kernel import clock
from hikeshi.ledger import reactions, triggers

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
# A busy machine is no fault of what is tested, and what holds once holds again: each run tries the same examples.
hypothesis.settings.register_profile(
    "shared", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")
_TESTS = Path(__file__).parent
_WITHOUT_DATABASE = {"rules", "workshop", "browser"}
_SOURCE_ONLY = {"test_layers.py", "test_shape.py", "test_words.py"}
_ONCE = {"test_every_url.py", "test_every_action.py", "test_who_may_act.py"}
"""Walks over every address and act there is, on SQLite: on PostgreSQL each domain's own strangers ask the same."""
_MARKED = {"browser": pytest.mark.browser, "edge": pytest.mark.server}
_ON_LOOPBACK = {"stories", "browser", "edge"}


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[1]}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(pytest_report_header())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """By folder: who gets the databases, who may open connections to this machine."""
    for item in items:
        folder = item.path.relative_to(_TESTS).parts[0]
        alone = folder in _WITHOUT_DATABASE or item.path.name in _SOURCE_ONLY
        if not alone and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.django_db(databases="__all__"))
        if folder == "architecture" and item.path.name in _ONCE and ON_POSTGRESQL:
            item.add_marker(pytest.mark.skip(reason="walked once, on SQLite"))
        if folder in _ON_LOOPBACK:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))
        if folder in _MARKED:
            item.add_marker(_MARKED[folder])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite as files: a database in memory has no WAL and no second connection, and would hide what really happens."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            database.setdefault("TEST", {})["NAME"] = str(settings.DATA_ROOT / f"test-{alias}-{worker}.sqlite3")
            durable = database["OPTIONS"]["init_command"]
            database["OPTIONS"]["init_command"] = durable.replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session", autouse=True)
def cost_of_passwords() -> Iterator[tuple[int, int]]:
    """Passes and KiB a password costs outside the tests. In them it costs little: every world has people."""
    real = Argon2.time_cost, Argon2.memory_cost
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2, "time_cost", 1)
        patch.setattr(Argon2, "memory_cost", 64)
        yield real


@pytest.fixture(scope="session", autouse=True)
def cursors_rest() -> Iterator[float]:
    """Seconds between two times that the cursors of the unconcerned move, outside the tests. In them at once: a test
    looks at what is there.
    """
    real = reactions.MOVE_EVERY
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reactions, "MOVE_EVERY", 0.0)
        yield real


@pytest.fixture(scope="session", autouse=True)
def _files_are_looked_for_when_asked_for() -> Iterator[None]:
    """The server lists what it serves once, at its start; a test's client would do so for every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_the_triggers() -> Iterator[None]:
    """A test with real transactions ends by emptying every table, which the ledger's triggers rightly refuse."""
    empty = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with triggers.lifted(connection):
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


READING_MAY_WRITE = {"ledger_reading", "accounts_session"}
"""The access log, and the row Django keeps for every browser."""
_WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


class WroteOnGet(AssertionError):
    """A page that is only looked at changed something."""


def _refuse_writes(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
    if (write := _WRITE.match(sql)) and write[1] not in READING_MAY_WRITE:
        raise WroteOnGet(sql)
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def _a_get_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every GET of every test is watched, so no page has to ask for it."""
    respond = ClientHandler.get_response

    def get_response(handler: ClientHandler, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as watches:
            if request.method in {"GET", "HEAD", "OPTIONS"}:
                for alias in connections:
                    watches.enter_context(connections[alias].execute_wrapper(_refuse_writes))
            return respond(handler, request)

    monkeypatch.setattr(ClientHandler, "get_response", get_response)


@pytest.fixture(autouse=True)
def _clock_put_back() -> Iterator[None]:
    yield
    clock.release()


@pytest.fixture(autouse=True)
def _words_put_back() -> Iterator[None]:
    """What a site calls things is kept in mind by the process; its tables are emptied behind its back."""
    yield
    names.forget()


@pytest.fixture(autouse=True)
def _language_put_back() -> Iterator[None]:
    """A page is answered in its reader's language, and the thread keeps that until the next page: the server asks anew
    each time, a test that asks for no page would speak as the test before it did.
    """
    yield
    translation.deactivate()
