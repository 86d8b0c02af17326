"""The catalogue of words, without gettext on the machine: extract, merge, check, compile.

    python -m tools.messages update              take in new messages, drop those no longer used
    python -m tools.messages translate A.json …  fill messages from files of {"English": "translation"}
    python -m tools.messages check               exit 1 if anything is missing, empty, fuzzy, unused or mismatched
    python -m tools.messages compile             write the .mo files that the product reads

English is the language of the messages themselves and needs no catalogue. A message under a context is written
``context|message`` in the files that ``translate`` reads.
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "hikeshi"
LANGUAGES = ("ja",)
Key = tuple[str | None, str]

_PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
_KEYWORDS: dict[str, tuple[object, ...] | None] = {
    **dict.fromkeys(_PLAIN),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
}
_LITERAL = r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\""""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_LITERAL})(?:\s*,\s*({_LITERAL}))?", re.DOTALL)
_ALIAS = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)")
_NAMED = re.compile(r"%\((\w+)\)")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_KANA_OR_KANJI = r"[\u3041-\u30ff\u4e00-\u9fff]"
_LATIN = (
    "address|code|entry|file|folder|path|place|reaction|ref|status|tried_password|type|unit|username|value|where|word"
    "|zone"
)
"""Placeholders that are filled with Latin signs (INC-2026-0042, a path): they keep their blank, as Latin words do."""
_VALUE = rf"%\((?!(?:{_LATIN})\))\w+\)(?:s|d|\.\d+f)(?:%%)?"
_FIGURE = r"(?<![\w.,:/%+-])(?<![A-Za-z\d] )\d+(?:[.,]\d+)*"
_BLANKS = (
    re.compile(r"(?<=s) (?=%%)"),
    re.compile(rf"(?P<kept>{_VALUE}|{_FIGURE}) +(?={_KANA_OR_KANJI})"),
    re.compile(rf"(?:(?<=[はがをにのとでやもへ第])|(?<=から)|(?<=まで)) +(?={_VALUE}|{_FIGURE}{_KANA_OR_KANJI})"),
    re.compile(rf"(?<={_KANA_OR_KANJI})(?<!日) +(?=(?:{_VALUE}|{_FIGURE}){_KANA_OR_KANJI})"),
)
"""Where Japanese has none. A label before a value keeps its blank (期限 %(due)s), so do parts of a span (2日 6時間)."""
_REFUSED = ("案件",)
"""Words that docs/glossary.md decided against: one word per thing."""
_UNNAMED = re.compile(r"%(?![(%])[\d.]*[a-zA-Z]")


def _in_templates() -> Iterator[tuple[Path, Key]]:
    for path in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        if "templates" not in path.parts:
            continue
        for name, first, second in _CALL.findall(templatize(path.read_text(encoding="utf-8"), str(path))):
            if name.startswith("n"):
                raise SystemExit(f"{path}: no plurals; write a sentence with the number at its end")
            texts = [ast.literal_eval(part) for part in (first, second) if part]
            yield path, (texts[0], texts[1]) if name == "pgettext" else (None, texts[0])


def _in_python() -> Iterator[tuple[Path, Key]]:
    for path in sorted(SOURCE.rglob("*.py")):
        _must_be_found(path)
        for line, message, _comments, context in extract_from_file("python", path, keywords=_KEYWORDS):
            if not isinstance(message, str):
                raise SystemExit(f"{path}:{line}: no plurals; write a sentence with the number at its end")
            yield path, (context, message)


def _must_be_found(path: Path) -> None:
    """A message marked under any other name would stay English without anybody noticing."""
    for alias in _ALIAS.findall(path.read_text(encoding="utf-8")):
        if alias != "_":
            raise SystemExit(f"{path}: gettext under the name {alias} is not seen; call it by its own or as _")


def used() -> dict[Key, Path]:
    """Every message of the product and one file that says it."""
    return {key: path.relative_to(ROOT) for path, key in (*_in_templates(), *_in_python()) if key[1]}


def catalogue_of(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def _key(message: Message) -> Key:
    return (message.context, str(message.id))


def load(language: str) -> Catalog:
    path = catalogue_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _messages(catalogue: Catalog) -> dict[Key, Message]:
    return {_key(message): message for message in catalogue if message.id}


def _write(language: str, texts: Mapping[Key, str]) -> None:
    fresh = Catalog(locale=language, project="hikeshi", version="1", fuzzy=False, header_comment="# Words of Hikeshi.")
    fresh.mime_headers = [
        ("Language", language),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    for context, text in sorted(texts, key=lambda key: (key[1].casefold(), key[1], key[0] or "")):
        fresh.add(text, texts[context, text], context=context)
    path = catalogue_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=0, no_location=True, omit_header=False)
    _mend_header(path, language)


def _mend_header(path: Path, language: str) -> None:
    """Babel stamps the header with the time of the run, which would make every update a change."""
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    )
    _old, _blank, rest = path.read_text(encoding="utf-8").partition("\n\n")
    path.write_text(f"{header}\n{rest}".rstrip() + "\n", encoding="utf-8")


def update() -> int:
    wanted = used()
    for language in LANGUAGES:
        known = _messages(load(language))
        _write(language, {key: str(known[key].string) if key in known else "" for key in wanted})
        empty = sum(1 for key in wanted if key not in known or not known[key].string)
        print(f"{language}: messages {len(wanted)}, without translation {empty}")
    return 0


def translate(files: list[Path]) -> int:
    """Later files win over earlier ones, and over nothing that is already translated."""
    given: dict[Key, str] = {}
    for file in files:
        for name, text in json.loads(file.read_text(encoding="utf-8")).items():
            context, bar, plain = name.partition("|")
            given[None, name] = in_house_style(text)
            if bar:
                given[context, plain] = in_house_style(text)
    texts = {key: str(message.string or given.get(key, "")) for key, message in _messages(load("ja")).items()}
    _write("ja", texts)
    for _context, text in (key for key, value in texts.items() if not value):
        print(f"not translated: {json.dumps(text, ensure_ascii=False)}")
    return 0


def in_house_style(text: str) -> str:
    """Round brackets are full-width in a Japanese sentence, and neither beside them nor beside a value is a blank."""
    if not _JAPANESE.search(text):
        return text
    marked = _bracketed(_NAMED.sub(lambda found: f"%\0{found[1]}\1", text))
    return _without_blanks(marked.replace("\0", "(").replace("\1", ")"))


def _bracketed(text: str) -> str:
    return re.sub(r"\) ?", "）", re.sub(r" ?\(", "（", text))


def _without_blanks(text: str) -> str:
    for blank in _BLANKS:
        text = blank.sub(lambda found: found.groupdict().get("kept", ""), text)
    return text


def _mismatch(message: Message) -> str:
    """What keeps a translation from being filled in as its message is; empty if nothing."""
    original, translation = str(message.id), str(message.string)
    if set(_NAMED.findall(original)) != set(_NAMED.findall(translation)):
        return "its placeholders differ"
    unnamed = _UNNAMED.findall(original.replace("%%", ""))
    if len(unnamed) > 1 or unnamed != _UNNAMED.findall(translation.replace("%%", "")):
        return "a placeholder has no name"  # one alone cannot be mistaken for another; argparse has such messages
    if original.startswith("\n") != translation.startswith("\n") or original.endswith("\n") != translation.endswith(
        "\n"
    ):
        return "a line break at its edge differs"
    return ""


def faults(language: str) -> list[str]:
    """Everything that stands between this catalogue and a whole product in its language."""
    wanted, known = used(), _messages(load(language))
    found = [f"missing: {key[1]!r} of {path}" for key, path in wanted.items() if key not in known]
    found += [f"unused: {key[1]!r}" for key in known if key not in wanted]
    for key, message in known.items():
        if not message.string:
            found.append(f"empty: {key[1]!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {key[1]!r}")
        elif str(message.string) != in_house_style(str(message.string)):
            found.append(f"brackets that are not full-width, or a blank beside a value: {key[1]!r}")
        elif word := next((word for word in _REFUSED if word in str(message.string)), ""):
            found.append(f"a word that docs/glossary.md decided against ({word}): {key[1]!r}")
        elif fault := _mismatch(message):
            found.append(f"{fault}: {key[1]!r}")
    return found


def _under(language: str, told: object, *, inside: bool = False) -> Iterator[str]:
    """Every line of what data says in a language: all texts under the key of its name."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _under(language, value, inside=inside or key == language)
    elif isinstance(told, list):
        for value in told:
            yield from _under(language, value, inside=inside)
    elif isinstance(told, str) and inside:
        yield from told.splitlines()


def misspelled(told: object) -> list[str]:
    """Lines of data whose Japanese has half-width brackets, or a word decided against. Code (indented, or between
    backquotes) stays as its program reads it.
    """
    lines = [line for line in _under("ja", told) if _JAPANESE.search(line) and not line.startswith("    ")]
    spoken = {line: re.sub(r"`[^`]*`", "``", line) for line in lines}
    return [line for line, text in spoken.items() if text != _bracketed(text) or any(word in text for word in _REFUSED)]


def faults_of_data() -> list[str]:
    """What the files that ship say in Japanese and ``misspelled`` finds fault with."""
    files = sorted([*SOURCE.rglob("*.yaml"), *SOURCE.rglob("*.yml")])
    return [
        f"{path.relative_to(ROOT)}: brackets that are not full-width, or a word decided against: {line[:60]}"
        for path in files
        for told in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for line in misspelled(told)
    ]


def check() -> int:
    found = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(language)] + faults_of_data()
    for line in found:
        print(line)
    print(f"catalogues: {'faults ' + str(len(found)) if found else 'complete'}")
    return 1 if found else 0


def compile_all() -> int:
    for language in LANGUAGES:
        with catalogue_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, load(language))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="The catalogue of words: extract, merge, check, compile.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("update", "check", "compile"):
        verbs.add_parser(name)
    verbs.add_parser("translate").add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    if options.verb == "translate":
        return translate(options.files)
    return {"update": update, "check": check, "compile": compile_all}[options.verb]()


if __name__ == "__main__":
    sys.exit(main())
