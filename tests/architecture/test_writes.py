"""One door for writes: actions, and beneath them the ledger and the inbox."""

import ast
import re

import pytest

from tests.architecture import source

WRITERS = re.compile(r"(^|/)actions(\.py$|/)|^ledger/|^intake/inbox/")
EXPLAINED: dict[str, str] = {
    "accounts/sessions.py": "Django's session store: a row per browser, kept by its middleware",
    "cli/rows.py": "restore puts rows back as they were; an action would say they were made today",
    "kernel/learning.py": "what SQLite knows of its tables is no row of anybody's",
    "cli/aside.py": "moves a whole site's tables away before a restore",
}
METHODS = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
METHODS |= {"keep_new", "keep_change"}
QUERIES = {"objects", "filter", "exclude", "all", "select_for_update", "get_queryset"}
SQL = re.compile(r"^\s*(INSERT (INTO|OR)|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE|ALTER|DROP|CREATE)\s")


def writes(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node, node.func):
            found.append(f"{node.lineno} .{node.func.attr}()")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            found.append(f"{node.lineno} SQL")
    return found


def _writes(call: ast.Call, method: ast.Attribute) -> bool:
    if method.attr in {"delete", "save"} and call.args:
        return False  # a route's decorator names its path, a document's save its file; a row's take no such thing
    if method.attr in METHODS:
        return True
    # dict.update and hash.update share the name; a queryset's takes keywords and follows a query.
    return method.attr == "update" and bool(call.keywords) and bool(QUERIES & _chain(method.value))


def _chain(node: ast.expr) -> set[str]:
    names = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            names.add(part.attr)
    return names


def test_only_actions_the_ledger_and_the_inbox_write() -> None:
    elsewhere = {
        path: writes(tree)
        for path, tree in source.modules().items()
        if not WRITERS.search(path) and path not in EXPLAINED and writes(tree)
    }
    assert not elsewhere


@pytest.mark.parametrize("path", EXPLAINED)
def test_an_explained_writer_still_writes(path: str) -> None:
    """Else its line in the table is a door left open."""
    assert writes(source.modules()[path])


@pytest.mark.parametrize(
    "line",
    [
        "row.save()",
        "Incident.objects.create(x=1)",
        "Incident.objects.filter(pk=1).update(title='')",
        "cursor.execute('DELETE FROM ledger_entry')",
        "rows.delete()",
        "keeping.keep_new([row])",
        "keeping.keep_change(row, 'title')",
    ],
)
def test_a_write_is_recognised(line: str) -> None:
    assert writes(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    [
        "names.update({'a': 1})",
        "digest.update(b'')",
        "parameters.update(a=1)",
        "router.delete('/x')",
        "word.save(file)",
    ],
)
def test_what_only_looks_like_a_write_is_not(line: str) -> None:
    assert not writes(ast.parse(line))
