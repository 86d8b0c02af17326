"""Form controls put together in Python, letter for letter as Django's templates write them.

A list of choices costs Django one template for each choice and one for each one's attributes; with sixty of them the
filters over a list took longer than the list.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypedDict

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

from hikeshi.web.markup import markup

FOLDER: Final = "django/forms/widgets/"
INPUTS: Final = (
    "input",
    "text",
    "search",
    "number",
    "email",
    "hidden",
    "date",
    "datetime",
    "url",
    "tel",
    "color",
    "time",
)


class Control(TypedDict):
    """What Django says of a control; of a choice, ``label`` too, and of a select, ``optgroups``."""

    name: str
    value: object
    attrs: Mapping[str, object]
    type: str
    label: object
    template_name: str
    optgroups: "Iterable[tuple[str | None, Iterable[Control], int]]"


def _attributes(control: Control) -> SafeString:
    given = [(name, value) for name, value in control["attrs"].items() if value is not False]
    return SafeString("".join(markup(" {}", n) if v is True else markup(' {}="{}"', n, v) for n, v in given))


def _choice(control: Control) -> SafeString:
    return markup('<option value="{}"{}>{}</option>\n', control["value"], _attributes(control), control["label"])


def _select(control: Control) -> SafeString:
    parts: list[str] = [markup('<select name="{}"{}>', control["name"], _attributes(control))]
    for group, choices, _place in control["optgroups"]:
        if group:
            parts.append(markup('\n  <optgroup label="{}">', group))
        parts.extend(f"\n  {_choice(one)}" for one in choices)
        if group:
            parts.append("\n  </optgroup>")
    return SafeString("".join([*parts, "\n</select>"]))


def _input(control: Control) -> SafeString:
    value = SafeString("") if control["value"] is None else markup(' value="{}"', control["value"])
    return markup('<input type="{}" name="{}"{}{}>', control["type"], control["name"], value, _attributes(control))


_OWN: Final[Mapping[str, Callable[[Control], SafeString]]] = {
    f"{FOLDER}select.html": _select,
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
}


class Renderer(DjangoTemplates):
    """Named by FORM_RENDERER in the settings."""

    def render(self, template_name: str, context: dict[str, Control], request: HttpRequest | None = None) -> str:
        own = _OWN.get(template_name)
        return own(context["widget"]) if own else super().render(template_name, context, request)
