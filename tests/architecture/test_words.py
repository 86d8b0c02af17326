"""Every sentence in both languages, and each where it belongs."""

import ast
import re
from pathlib import Path

import pytest

from hikeshi.kernel import facts
from hikeshi.phrases import sentences
from tests.architecture import source
from tools import messages

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
NAMES_OF_LANGUAGES = {"config/settings.py": "日本語"}
"""A language is offered in its own script."""
MARKS = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}


def test_the_catalogue_is_complete() -> None:
    assert not messages.faults("ja")


def test_what_data_says_in_japanese_has_full_width_brackets() -> None:
    assert not messages.faults_of_data()
    plain = {"name": {"ja": "既定(優先度1)", "en": "Default (priority 1)"}}
    code = {"ja": "1. `print(値)` を書きます。\n    print('値')\n2. 案件(例)\n3. 例（一つ）"}
    assert messages.misspelled([plain, code]) == ["既定(優先度1)", "2. 案件(例)"]


def _facts() -> set[str]:
    return {name for name, kind in facts.known().items() if kind.__module__.startswith("hikeshi.")}


def test_every_fact_has_a_sentence_and_no_sentence_lost_its_fact() -> None:
    """With the complete catalogue above: in both languages. The ledger, the timeline and the log speak with them."""
    assert len(_facts()) > 30
    assert _facts() == sentences.known()


def test_a_sentence_of_a_fact_is_in_the_catalogue() -> None:
    """A sentence put together at run time would never reach a translator."""
    marked = {message for _context, message in messages.used()}
    spoken = {
        text
        for one in sentences._sentences.values()
        for text in (one.message, one.otherwise, *one.without.values())
        if text
    }
    assert spoken <= marked


def test_japanese_stands_in_catalogues_and_data_only() -> None:
    """Anything else escapes whoever corrects the wording. Docstrings and comments may hold it."""
    found = {path: texts for path, tree in source.modules().items() if (texts := _japanese(path, tree))}
    assert not found


def _japanese(path: str, tree: ast.Module) -> list[str]:
    explanations = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        f"{node.lineno}: {node.value[:20]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in explanations
        and JAPANESE.search(node.value)
        and node.value != NAMES_OF_LANGUAGES.get(path)
    ]


def _hidden_from_translators(tree: ast.Module) -> list[int]:
    """Inside an f-string nothing that collects messages finds them, and the sentence stays English for everybody."""
    return [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in MARKS
    ]


def test_no_message_hides_in_an_f_string() -> None:
    found = {path: lines for path, tree in source.modules().items() if (lines := _hidden_from_translators(tree))}
    assert not found
    assert _hidden_from_translators(ast.parse("f\"{_('gone')}\"")) == [1]


def _surface_files() -> list[Path]:
    kinds = ("*.html", "*.txt", "*.js", "*.css")
    files = [path for kind in kinds for name in ("web", "portal") for path in (source.PACKAGE / name).rglob(kind)]
    return [path for path in files if "vendor" not in path.parts]


def test_templates_and_scripts_hold_no_japanese() -> None:
    comments = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|/\*.*?\*/", re.DOTALL)
    found = [
        str(path.relative_to(source.PACKAGE))
        for path in _surface_files()
        if JAPANESE.search(comments.sub("", path.read_text(encoding="utf-8")).replace("日本語", ""))
    ]
    assert not found


@pytest.mark.parametrize("package", ["kernel", "ledger", "edge", "engine"])
def test_packages_without_readers_translate_nothing(package: str) -> None:
    """Sentences are made late, in surfaces, phrases and labels, in the language of who reads."""
    marked = [path for key, path in messages.used().items() if str(path).startswith(f"src/hikeshi/{package}/")]
    assert not marked


QUOTED = {"この報告書の時点の記録", "Watch"}
"""No button's words: what the guide calls something, and a heading of another document."""


def test_the_guide_names_buttons_by_what_stands_on_them() -> None:
    """A newcomer looks for the very words; a button that was renamed leaves no guide behind."""
    guide = source.PACKAGE.parents[1] / "docs/guide"
    every = [one for one in messages.load("ja") if one.id]
    japanese, english = {str(one.string) for one in every}, {str(one.id) for one in every}
    code = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
    lost = []
    for path in sorted(guide.rglob("*.md")):
        text = code.sub("", path.read_text(encoding="utf-8"))
        pattern, known = ("「([^」]+)」", japanese) if path.parent.name == "ja" else ('["“]([^"“”\\n]+)["”]', english)
        lost += [f"{path.parent.name}/{path.name}: {one}" for one in re.findall(pattern, text)]
        lost = [one for one in lost if one.partition(": ")[2] not in known | QUOTED]
    assert lost == []
