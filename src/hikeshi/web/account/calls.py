"""When which of one's own ways is taken, and what was sent to oneself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hikeshi.accounts.ways import Way
from hikeshi.kernel.refusals import Conflict
from hikeshi.notify import actions, queries, rules
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.queries import noticing
from hikeshi.phrases import labels
from hikeshi.web.access import asked
from hikeshi.web.account.reader import Reader
from hikeshi.web.settings.saving import Versioned, saved

NEVER = "0"
LEADS = (1, 3, 6, 12, 24, 48, 72, 168, 0)


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


class Notice(Versioned):
    """When one hears of one's own duty."""

    def __init__(self, hours: int, version: int, data: QueryDict | None) -> None:
        super().__init__(data, prefix="notice", initial={"hours": hours, "version": version})
        options = [(one, _lead(one)) for one in sorted({*LEADS, hours}, key=lambda one: (not one, one))]
        self.fields["hours"] = forms.TypedChoiceField(
            label=gettext_lazy("Tell me of my duty"), choices=options, coerce=int
        )

    def clash(self, conflict: Conflict) -> None:
        super().clash(conflict)
        if isinstance(self.data, QueryDict):
            self.data["notice-version"] = str(conflict.version)


def _lead(hours: int) -> str:
    if not hours:
        return gettext("not at all")
    return gettext("Hours before: %(hours)s") % {"hours": hours}


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
    return _shown(request, form, Notice(*noticing.of_mine(request.actor), None))


@require_http_methods(["POST"])
def notice(request: Reader) -> HttpResponse:
    form = Notice(*noticing.of_mine(request.actor), request.POST)
    act = oncall.set_duty_notice
    if saved(form, lambda it: act(by=request.actor, hours=it["hours"], version=it["version"])):  # type: ignore[arg-type]  # numbers, as the fields say
        messages.success(request, _("Saved."))
        return redirect("account_calls")
    return _shown(request, Calls(queries.own_ways(request.actor), *queries.own_lines(request.actor), None), form)


def _shown(request: Reader, form: Calls, notice: Notice) -> HttpResponse:
    context = {
        "title": _("Calls to me"),
        "form": form,
        "notice": notice,
        "ways": queries.own_ways(request.actor),
        "own": queries.own_messages(request.actor),
    }
    return render(request, "web/account/calls.html", context, status=max(form.status, notice.status))
