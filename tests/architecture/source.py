"""The product's own source, read as text and as trees, for the tests of its shape."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "hikeshi"


@cache
def modules() -> dict[str, ast.Module]:
    """Every hand-written Python file by its path below the package, parsed."""
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
    return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


@cache
def layers() -> dict[str, int]:
    """Package name -> its row in the layer contract, 0 the highest. The contract itself is what is read."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract.get("containers") == ["hikeshi"])
    return {name.strip(" ()"): row for row, names in enumerate(rows) for name in names.split("|")}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
