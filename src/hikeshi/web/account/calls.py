"""When which of one's own ways is taken, and what was sent to oneself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from hikeshi.accounts.ways import Way
from hikeshi.notify import actions, queries, rules
from hikeshi.phrases import labels
from hikeshi.web.access import asked
from hikeshi.web.account.reader import Reader
from hikeshi.web.settings.saving import Versioned, saved

NEVER = "0"


@dataclass(frozen=True, slots=True)
class Row:
    way: Way
    fields: list[BoundField]


class Calls(Versioned):
    """A line for each of one's ways."""

    def __init__(self, ways: Sequence[Way], lines: Sequence[rules.Line], version: int, data: QueryDict | None) -> None:
        super().__init__(data, initial={"version": version})
        self._ways = ways
        known = {line.way: line for line in lines}
        for number, way in enumerate(ways):
            self._add(number, known.get(way.ref), fresh=not lines)

    def _add(self, number: int, line: rules.Line | None, *, fresh: bool) -> None:
        least = str(line.least) if line else "3" if fresh else NEVER
        options = [(code, labels.label("call_least", code)) for code in ("3", "2", "1", NEVER)]
        self.fields[f"least_{number}"] = forms.ChoiceField(
            label=gettext_lazy("Used for"), choices=options, initial=least
        )
        begin, end = (line.begin, line.end) if line else (0, rules.DAY)
        for name, label, minute in (
            ("begin", gettext_lazy("From"), begin),
            ("end", pgettext_lazy("hours", "Until"), end),
        ):
            self.fields[f"{name}_{number}"] = forms.RegexField(
                r"^([01]?\d|2[0-4]):[0-5]\d$", label=label, initial=f"{minute // 60:02}:{minute % 60:02}", max_length=5
            )
        for name, label in (
            ("after", gettext_lazy("After minutes")),
            ("repeat", gettext_lazy("Again every (minutes)")),
        ):
            self.fields[f"{name}_{number}"] = forms.IntegerField(
                label=label, min_value=0, max_value=240, initial=getattr(line, name) if line else 0
            )

    @property
    def rows(self) -> Iterator[Row]:
        for number, way in enumerate(self._ways):
            yield Row(way, [self[f"{name}_{number}"] for name in ("least", "begin", "end", "after", "repeat")])

    def lines(self) -> list[rules.Line]:
        said = self.cleaned_data
        return [
            rules.Line(
                way=way.ref,
                least=int(said[f"least_{number}"]),
                begin=_minute(said[f"begin_{number}"]),
                end=_minute(said[f"end_{number}"]),
                after=said[f"after_{number}"],
                repeat=said[f"repeat_{number}"],
            )
            for number, way in enumerate(self._ways)
            if said[f"least_{number}"] != NEVER
        ]


def _minute(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    return min(int(hour) * 60 + int(minute), rules.DAY)


@require_http_methods(["GET", "POST"])
def calls(request: Reader) -> HttpResponse:
    ways = queries.own_ways(request.actor)
    lines, version = queries.own_lines(request.actor)
    form = Calls(ways, lines, version, asked(request))
    if saved(form, lambda it: actions.set_own_rules(by=request.actor, lines=form.lines(), version=it["version"])):  # type: ignore[arg-type]  # a number, as its field says
        messages.success(request, _("Saved. Calls take these ways from now on."))
        return redirect("account_calls")
    context = {"title": _("Calls to me"), "form": form, "ways": ways, "own": queries.own_messages(request.actor)}
    return render(request, "web/account/calls.html", context, status=form.status)
