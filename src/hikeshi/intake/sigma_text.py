"""The text of a rule: read with suspicion, changed block by block so that no comment of its writer is lost. Pure."""

import re
from collections.abc import Iterator

import yaml

from hikeshi.intake.bad_rule import BadRule

LONGEST = 32_000
DEEPEST = 16
_OPENS = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_CLOSES = (yaml.SequenceEndEvent, yaml.MappingEndEvent)
_PLAIN = re.compile(r"[A-Za-z_/][\w/.@+ -]*[\w/.@+-]|[A-Za-z_]", re.ASCII)
_DATE = "tag:yaml.org,2002:timestamp"
_FLOAT = "tag:yaml.org,2002:float"
_NUMBERS = frozenset({".inf", ".nan"})
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def document(text: str, file: str, longest: int = LONGEST) -> dict[str, object]:
    """The table a rule's text holds. Raises BadRule, also for what YAML allows and a rule never needs: references,
    which can grow a small text without bounds, nesting without end, and one name twice, of which YAML keeps the last.
    """
    try:
        _guard(text, file, longest)
        loader = yaml.CSafeLoader(text)
        root = loader.get_single_node()
        for name, line in _twice(root):
            raise BadRule(file, line, f"{name!r} stands twice", "rule_twice", name=name)
        for value, line in _no_text(root):
            raise BadRule(file, line, f"put {value!r} in quotes", "rule_quotes", name=value)
        data = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = int(getattr(mark, "line", 0)) + 1
        raise BadRule(file, line, str(error), "rule_yaml", detail=str(error.problem or "")) from None
    except (yaml.YAMLError, ValueError) as error:  # a character YAML refuses; a date that does not exist
        raise BadRule(file, 1, str(error), "rule_yaml", detail=str(error)) from None
    if not isinstance(data, dict):
        raise BadRule(file, 1, "a rule is a table of names and values", "rule_no_table")
    return data


def _guard(text: str, file: str, longest: int) -> None:
    if len(text) > longest:
        raise BadRule(file, 1, f"longer than {longest} characters", "rule_too_long", limit=str(longest))
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = int(getattr(event.start_mark, "line", 0)) + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadRule(file, line, "references (& and *) cannot be used here", "rule_reference")
        depth += isinstance(event, _OPENS) - isinstance(event, _CLOSES)
        if depth > DEEPEST:
            raise BadRule(file, line, "nested too deeply", "rule_nested")


def _twice(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, value in node.value:
            if str(name.value) in seen:
                yield str(name.value), name.start_mark.line + 1
            seen.add(str(name.value))
            yield from _twice(value)


def _no_text(root: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """What YAML takes for a date or for no number where an alert has text; dates elsewhere only where there is no such
    day.
    """
    for name, value in root.value if isinstance(root, yaml.MappingNode) else []:
        for scalar in _scalars(value):
            strange = scalar.tag == _DATE or (scalar.tag == _FLOAT and scalar.value.lower().lstrip("+-") in _NUMBERS)
            if strange and (name.value == "detection" or (scalar.tag == _DATE and not _is_day(scalar))):
                yield str(scalar.value), scalar.start_mark.line + 1


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    for item in node.value if isinstance(node, yaml.CollectionNode) else []:
        for each in item if isinstance(item, tuple) else (item,):
            yield from _scalars(each)


def _is_day(node: yaml.ScalarNode) -> bool:
    try:
        yaml.constructor.SafeConstructor().construct_yaml_timestamp(node)
    except (ValueError, OverflowError):
        return False
    return True


def block(text: str, name: str) -> tuple[int, int] | None:
    """First line of a top-level block and the line behind it, counted from 0; blank lines behind stay outside."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    lines = text.splitlines()
    starts = [(str(key.value), key.start_mark.line) for key, _ in root.value] + [("", len(lines))]
    for place, (found, start) in enumerate(starts[:-1]):
        if found == name:
            end = starts[place + 1][1]
            while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
                end -= 1
            return start, end
    return None


def replaced(text: str, name: str, new: str) -> str:
    """The text with one top-level block put in the place of the old one, or at its end; everything else as written."""
    lines = text.splitlines()
    place = block(text, name) if text.strip() else None
    start, end = place or (len(lines), len(lines))
    kept = [*lines[:start], *new.rstrip("\n").splitlines(), *lines[end:]]
    return "\n".join(kept).strip("\n") + "\n"


def without(text: str, name: str) -> str:
    return replaced(text, name, "") if block(text, name) else text


def commented(text: str, name: str) -> bool:
    """Whether somebody explained something inside this block; writing it anew would lose that."""
    place = block(text, name)
    if place is None:
        return False
    inside = text.splitlines()[place[0] : place[1]]
    written = "\n".join(inside)
    scalars = [str(token.value) for token in yaml.scan(written) if isinstance(token, yaml.ScalarToken)]
    inside_values = sum(value.count("#") for value in scalars)
    return written.count("#") > inside_values


def quoted(value: str) -> str:
    """A scalar that YAML reads back as exactly this text, plain where that is safe."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    if any(ord(one) < 32 or one in "\x7f\x85\u2028\u2029\ufeff" for one in value):
        return '"' + value.encode("unicode_escape").decode("ascii").replace('"', '\\"') + '"'
    return "'" + value.replace("'", "''") + "'"
