"""Writing a rule: lines or text, each turned into the other on asking, tried before it is saved."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from django.http import QueryDict

from hikeshi.intake import actions, alike, conditions, site_rules, trying
from hikeshi.intake import queries as intake
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.conditions import Clause, Conditions, Operator, Unsayable
from hikeshi.intake.queries import ruling
from hikeshi.intake.site_rules import Terms
from hikeshi.intake.trying import Trial
from hikeshi.intake.verdicts import CALLING, Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.phrases import refusals
from hikeshi.web.ruling import lines
from hikeshi.web.ruling.forms import HALF_A_YEAR, RuleForm

MORE = 2
_NEW = Terms(title_en="", title_ja="", sigma="", reason_en="", reason_ja="", rank=150, verdict=Verdict.DROP)


class Editor:
    """``do`` in what was sent says what is wanted: save, try, text, form, more."""

    def __init__(
        self,
        by: Actor,
        code: str = "",
        data: QueryDict | None = None,
        spare: str = "",
        *,
        like: str = "",
        similar: bool = False,
    ) -> None:
        ruling.must_write(by)
        self.by, self.code, self.data = by, code, data
        self.whole = ruling.rule(by, code) if code else None
        self.spared: intake.Alert | None = None
        self.unsayable = ""
        self.conflict: Conflict | None = None
        self.trial: Trial | None = None
        self.similar = similar
        self.form = RuleForm(by, data, initial=None if data else self._start(spare, like))
        if code:
            del self.form.fields["code"]
        self.lines = self._lines()

    def _start(self, spare: str, like: str) -> dict[str, object]:
        terms = self.whole.newest.terms if self.whole else _NEW
        sigma = self._sparing(terms.sigma, spare) if spare else self._like(like) if like else terms.sigma
        line = self.whole.line if self.whole else None
        review = line.review if line and line.review and line.review > clock.now().date() else None
        start: dict[str, object] = {name: getattr(terms, name) for name in site_rules.TERMS}
        return {
            **start,
            "sigma": sigma,
            "source": self._read(sigma).source,
            "mode": "text" if self.unsayable else "form",
            "owner": line.owner if line else "",
            "review": review or clock.now().date() + HALF_A_YEAR,
            "version": line.newest if line else None,
            "window": "5000",
        }

    def _sparing(self, sigma: str, spare: str) -> str:
        """The text with this alert as an exception, where it can be told apart."""
        try:
            self.spared = intake.alert(self.by, UUID(spare))
            known = conditions.told_apart(self.spared.normal)
            return conditions.excepted(sigma, known) if known else sigma
        except (ValueError, Unsayable):
            return sigma

    def _like(self, like: str) -> str:
        """Conditions of alerts of this one's source under its title, as the noise of the week adds them up."""
        try:
            alert = intake.alert(self.by, UUID(like))
        except (ValueError, NotFound):
            return ""
        if len(alert.title.splitlines()) != 1:
            return ""
        named = Clause("finding_info.title", Operator.IS, (alert.title,))
        if self.similar:
            named = Clause("finding_info.title", Operator.PATTERN, (f"(?i)^{alike.pattern(alert.title)}$",))
        return conditions.written("", Conditions(((named,),), source=alert.source))

    def _read(self, sigma: str) -> Conditions:
        if not sigma.strip():
            return Conditions(())
        try:
            return conditions.read(sigma)
        except Unsayable as refusal:
            self.unsayable = refusal.code
        except BadRule:
            self.unsayable = "broken"
        return Conditions(())

    def _lines(self) -> list[lines.Line]:
        if self.data is None or self.form.data.get("mode") == "text":
            start = lines.of(self._read(str(self.form["sigma"].value() or "")))
            return [lines.Line(number, None, initial=one) for number, one in enumerate([*start, *[{}] * MORE])]
        sent = sum(f"line-{number}-field" in self.data for number in range(lines.LARGEST))
        found = [lines.Line(number, self.data) for number in range(sent)]
        for line in found:
            line.is_valid()
        return found

    @property
    def mode(self) -> str:
        return str(self.form["mode"].value() or "form")

    @cached_property
    def do(self) -> str:
        return "" if self.data is None else self.data.get("do", "try")

    @property
    def status(self) -> int:
        return 409 if self.conflict else 422 if self.form.is_bound and self.form.errors else 200

    def saved(self) -> bool:
        """Whether a version was kept. Else the page says what is wrong, or shows what was asked for."""
        if self.data is None:
            return False
        if self.do in {"text", "form", "more"}:
            self._turn()
            return False
        if not self.form.is_valid():
            return False
        try:
            self._act()
        except Invalid as refusal:
            self._refuse(refusal)
        except Conflict as refusal:
            self.conflict = refusal
            self.form.data = _with(self.form.data, version=str(refusal.version))
        else:
            return self.do == "save"
        return False

    def _act(self) -> None:
        code = self.code or self.form.cleaned_data["code"]
        terms = actions.checked(self.by, code, self._terms())
        if self.do == "save":
            said = self.form.cleaned_data
            more = {name: said[name] for name in ("owner", "review", "why", "version")}
            actions.save_rule(by=self.by, code=code, terms=terms, **more)
            self.code = code
            return
        window = self.form.cleaned_data["window"] or "5000"
        asked = {"days": int(window[1:])} if window.startswith("d") else {"last": int(window)}
        number = self.whole.line.newest + 1 if self.whole else 1
        self.trial = trying.trial(self.by, site_rules.compiled(code, number, terms), **asked)

    def _terms(self) -> Terms:
        said = self.form.cleaned_data
        plain = {name: said[name] for name in site_rules.TERMS if name != "sigma"}
        kind = said["kind"] if said["verdict"] in CALLING else ""
        return Terms(**{**plain, "kind": kind}, sigma=self._sigma())

    def _sigma(self) -> str:
        """What the lines say, or the text itself. Lines that say what the text says leave it as it is."""
        text = str(self.form.data.get("sigma", "")).replace("\r\n", "\n")
        if self.mode == "text":
            return text
        wanted = lines.said(self.lines, self.form.data.get("source", ""))
        return text if self._same(text, wanted) else conditions.written(text, wanted)

    def _same(self, text: str, wanted: Conditions) -> bool:
        try:
            return bool(text.strip()) and conditions.read(text) == wanted
        except (Unsayable, BadRule):
            return False

    def _turn(self) -> None:
        """From lines to text, from text to lines, or more lines; nothing that was typed is judged or lost."""
        data = self.form.data
        if self.do == "more":
            self.lines += [lines.Line(len(self.lines) + number, None) for number in range(MORE)]
            self._unjudged(data)
            return
        if self.do == "text":
            try:
                data = _with(data, sigma=self._sigma(), mode="text")
            except Invalid as refusal:
                self._refuse(refusal)
                return
        else:
            found = self._read(str(data.get("sigma", "")).replace("\r\n", "\n"))
            if not self.unsayable:
                data = _with(data, mode="form", source=found.source)
        self._unjudged(data)
        if self.do == "form":
            self.lines = self._lines_of_text(data)

    def _lines_of_text(self, data: Mapping[str, str]) -> list[lines.Line]:
        start = lines.of(self._read(str(data.get("sigma", "")).replace("\r\n", "\n")))
        return [lines.Line(number, None, initial=one) for number, one in enumerate([*start, *[{}] * MORE])]

    def _unjudged(self, data: Mapping[str, str]) -> None:
        """The same page with what was typed as its beginning: half a rule is no error yet."""
        start: dict[str, object] = {name: data.get(name, "") for name in self.form.fields}
        self.form = RuleForm(self.by, initial=start)
        if self.code:
            del self.form.fields["code"]

    def _refuse(self, refusal: Invalid) -> None:
        field = refusal.field if refusal.field in self.form.fields else None
        if field == "sigma" and self.mode == "form":
            field = None
        if not hasattr(self.form, "cleaned_data"):
            self.form.full_clean()
        self.form.add_error(field, refusals.sentence(refusal))

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        if self.conflict is None:
            return []
        theirs, yours = self.conflict.theirs, self.conflict.yours
        return [(name, theirs[name], yours[name]) for name in yours]


def _with(data: Mapping[str, str], **changes: str) -> QueryDict:
    found = QueryDict(mutable=True)
    found.update({name: str(value) for name, value in data.items()})
    for name, value in changes.items():
        found[name] = value
    return found
