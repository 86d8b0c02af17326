"""Where the names of a rule's text stand, and whether they may stand there at all."""

from collections.abc import Iterator

import yaml

from hikeshi.intake import field_names
from hikeshi.intake.bad_rule import BadRule

MODIFIERS = frozenset(
    {"all", "base64", "base64offset", "cased", "cidr", "contains", "dotall", "endswith", "exists", "expand"}
    | {"fieldref", "gt", "gte", "i", "ignorecase", "lt", "lte", "m", "multiline", "neq", "re", "s", "startswith"}
    | {"utf16", "utf16be", "wide", "windash"}
)


def places(text: str, file: str) -> dict[str, int]:
    """Lines of the detection's fields, its condition and itself. Refuses modifiers we do not know, where they stand."""
    found = {"detection": 1}
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    for name, node in root.value if isinstance(root, yaml.MappingNode) else []:
        if name.value == "detection":
            found["detection"] = name.start_mark.line + 1
            for field, line in _fields(node):
                bare, *modifiers = field.split("|")
                found.setdefault(bare, line)
                unknown = sorted(set(modifiers) - MODIFIERS)
                if unknown:
                    why = f"the modifier {unknown[0]!r} cannot be used here"
                    raise BadRule(file, line, why, "rule_modifier", name=unknown[0])
                if bare not in {"condition", "detection", ""} and not field_names.known(bare):
                    raise _unknown(file, line, bare)
    return found


def _fields(node: yaml.Node, depth: int = 0) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _fields(item, depth)
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if depth:
                yield str(name.value), name.start_mark.line + 1
            elif name.value == "condition":
                yield "condition", name.start_mark.line + 1
            else:
                yield from _fields(value, depth + 1)


def _unknown(file: str, line: int, field: str) -> BadRule:
    meant = field_names.nearest(field)
    code = "rule_field_near" if meant else "rule_field"
    return BadRule(file, line, f"{field!r} is not a name of the normal form", code, name=field, meant=meant)
