"""Limits of size and form that no linter holds for us."""

import ast
from pathlib import Path

from tests.architecture import source

VIEW_FILES = ("views.py",)


def test_no_file_is_longer_than_400_lines() -> None:
    files = [*source.PACKAGE.rglob("*.py"), *source.PACKAGE.rglob("*.js"), *source.PACKAGE.rglob("*.css")]
    own = [path for path in files if not {"migrations", "vendor"} & set(path.parts)]
    long = {str(path.relative_to(source.PACKAGE)): _lines(path) for path in own if _lines(path) > 400}
    assert not long


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_function_is_longer_than_40_lines() -> None:
    assert not _longer_than(40, source.modules())


def test_a_view_reads_acts_renders_in_15_lines() -> None:
    views = {path: tree for path, tree in source.modules().items() if _holds_views(path)}
    assert not _longer_than(15, views)


def _holds_views(path: str) -> bool:
    return path.startswith(("web/", "portal/")) and path.endswith(VIEW_FILES)


def _longer_than(limit: int, modules: dict[str, ast.Module]) -> dict[str, int]:
    found = {}
    for path, tree in modules.items():
        for function in source.functions(tree):
            lines = (function.end_lineno or 0) - function.lineno + 1 - _docstring_lines(function)
            if lines > limit:
                found[f"{path}:{function.lineno} {function.name}"] = lines
    return found


def _docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """It explains the code and is not counted with it."""
    first = function.body[0]
    return (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) else 0


def test_imports_stand_at_the_top_and_are_absolute() -> None:
    """An import inside a function hides a dependency; a relative one hides where it leads.

    ``apps.py`` is read before any model may be: Django wants its imports inside ``ready``.
    """
    inside, relative = [], []
    for path, tree in source.modules().items():
        if path.endswith("apps.py"):
            continue
        for function in source.functions(tree):
            inside += [
                f"{path}:{node.lineno}"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom) and not _explained(path, node.lineno)
            ]
        relative += [
            f"{path}:{node.lineno}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level
        ]
    assert not inside
    assert not relative


def _explained(path: str, line: int) -> bool:
    """``# noqa: PLC0415  # why``: the few that cannot stand at the top say so."""
    text = (source.PACKAGE / path).read_text(encoding="utf-8").splitlines()[line - 1]
    return "noqa: PLC0415  # " in text


def test_nothing_in_a_signature_is_any() -> None:
    found = []
    for path, tree in source.modules().items():
        for function in source.functions(tree):
            arguments = function.args
            marked = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            annotations = [argument.annotation for argument in marked if argument] + [function.returns]
            names = {
                node.id
                for annotation in annotations
                if annotation
                for node in ast.walk(annotation)
                if isinstance(node, ast.Name)
            }
            if "Any" in names:
                found.append(f"{path}:{function.lineno} {function.name}")
    assert not found


def test_dataclasses_are_slotted() -> None:
    found = []
    for path, tree in source.modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found += [f"{path}:{node.lineno} {node.name}" for mark in node.decorator_list if not _slotted(mark)]
    assert not found


def _slotted(mark: ast.expr) -> bool:
    if isinstance(mark, ast.Name):
        return mark.id != "dataclass"
    if not isinstance(mark, ast.Call) or not isinstance(mark.func, ast.Name) or mark.func.id != "dataclass":
        return True
    return any(keyword.arg == "slots" for keyword in mark.keywords)


def test_no_signal_receiver_but_the_ledgers_guard() -> None:
    """What happens is said by facts. The one signal puts the ledger's triggers back after a migration."""
    found = [
        path
        for path, tree in source.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert found == ["ledger/apps.py"]
