"""Mapping a source: a body is pasted, fields are pointed at, and what becomes of them is shown before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from django.http import QueryDict

from hikeshi.intake import actions, plain_mapping, previewing, site_sources, suggesting
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.plain_mapping import Line, Plain, Unsayable
from hikeshi.intake.previewing import Preview
from hikeshi.intake.queries import sourcing
from hikeshi.intake.site_sources import Mapped
from hikeshi.intake.sources import book
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.phrases import refusals
from hikeshi.web.settings.sources.forms import LARGEST, LineForm, MappingForm, said
from hikeshi.web.settings.sources.looking import Sample

MORE = 1
_EMPTY = (plain_mapping.TITLE, plain_mapping.SEVERITY, "times.first", "device.hostname")


class Editor:
    """``do`` in what was sent says what is wanted: look, map, suggest, more, text, form, save."""

    def __init__(self, by: Actor, code: str = "", data: QueryDict | None = None, parked: str = "") -> None:
        sourcing.must_write(by)
        self.by, self.code, self.data, self.parked = by, code, data, parked
        self.whole = sourcing.source(by, code) if code else None
        self.unsayable = ""
        self.suggested = False
        self.conflict: Conflict | None = None
        self.problem = ""
        self.form = MappingForm(data, initial=None if data is not None else self._start())
        if code:
            del self.form.fields["code"]
        self.lines = self._lines()

    def _start(self) -> dict[str, object]:
        if self.whole is None:
            return {"mode": "form", "shape": "alert"}
        terms = self.whole.shown.terms
        plain = self._plain(terms.text)
        return {
            **{name: getattr(terms, name) for name in site_sources.TERMS},
            "body": sourcing.example(self.by, self.code, self.parked),
            "mode": "text" if self.unsayable else "form",
            "unwrap": ", ".join(plain.unwrap),
            "keys": plain.keys,
            "shape": plain.shape,
            "version": self.whole.line.newest,
        }

    def _plain(self, text: str) -> Plain:
        try:
            return plain_mapping.read(text.replace("\r\n", "\n"))
        except Unsayable as refusal:
            self.unsayable = refusal.code
        except BadRule:
            self.unsayable = "broken"
        return Plain()

    def _lines(self) -> list[LineForm]:
        if self.data is None:
            return self._made(self._plain(str(self.form["text"].value() or "")).lines)
        sent = [number for number in range(LARGEST) if f"line-{number}-path" in self.data]
        return [LineForm(number, self.data) for number in sent]

    @staticmethod
    def _made(lines: Sequence[Line]) -> list[LineForm]:
        given = lines or [Line(name, "") for name in _EMPTY]
        return [LineForm.of(number, line) for number, line in enumerate(given[: LARGEST - MORE])]

    @property
    def mode(self) -> str:
        return str(self.form["mode"].value() or "form")

    @property
    def do(self) -> str:
        return "" if self.data is None else self.data.get("do", "look")

    @property
    def status(self) -> int:
        return 409 if self.conflict else 422 if self.do == "save" else 200

    @cached_property
    def sample(self) -> Sample:
        return Sample(str(self.form["body"].value() or ""), self.form.steps, str(self.form["keys"].value() or ""))

    @property
    def mapped(self) -> Mapping[str, list[str]]:
        """Path -> the names it becomes."""
        found: dict[str, list[str]] = {}
        for line in self.lines if self.mode == "form" else []:
            for path in line.line.path.split(" | "):
                found.setdefault(path.strip(), []).append(line.line.name)
        return found

    def saved(self) -> bool:
        """Whether a version was kept. Else the page says what is wrong, or shows what was asked for."""
        if self.data is None:
            return False
        if self.do == "save":
            return self._save()
        acts = {
            "map": self._map,
            "suggest": self._suggest,
            "more": self._more,
            "text": self._turn_to_text,
            "form": self._turn_to_form,
        }
        acts.get(self.do, self._look)()
        return False

    def _save(self) -> bool:
        try:
            if self.form.is_valid():
                given = self.form.cleaned_data
                self.code = self.code or self._new_code(given["code"])
                terms = Mapped(title_en=given["title_en"], title_ja=given["title_ja"], text=self._text())
                version = given["version"]
                actions.save_source(by=self.by, code=self.code, terms=terms, why=given["why"], version=version)
                return True
        except Invalid as refusal:
            self._refuse(refusal)
        except Conflict as refusal:
            self.conflict = refusal
            self._begin_with(version=refusal.version)
        if "code" in self.form.fields:
            self.code = ""
        return False

    def _new_code(self, code: str) -> str:
        if code in book.sources():
            raise Invalid("code", "source_code_shipped" if code in book.shipped() else "taken")
        return code

    def _refuse(self, refusal: Invalid) -> None:
        field = refusal.field if refusal.field in self.form.fields else None
        if field == "text" and self.mode == "form":
            field = None
        self.form.add_error(field, refusals.sentence(refusal))

    def _text(self) -> str:
        """What the lines say, or the text itself. Raises Invalid."""
        if self.mode == "text":
            return str(self.form["text"].value() or "")
        plain = said(self.form, self.lines)
        if not any(line.name == plain_mapping.TITLE for line in plain.lines):
            raise Invalid("lines", "source_title")
        return plain_mapping.written(plain)

    def _look(self) -> None:
        """Nothing is judged yet. A body of a product nobody mapped begins with what its names suggest."""
        self._begin_with()
        if self.mode == "form" and not any(line.line.path for line in self.lines) and self.sample.leaves:
            self._suggest()

    def _suggest(self) -> None:
        steps = self.form.steps
        if not steps and len(self.sample.lists) == 1:
            self._begin_with(unwrap=self.sample.lists[0])
            del self.sample
        else:
            self._begin_with()
        kept = [line.line for line in self.lines if line.line.path]
        names = {line.name for line in kept}
        more = [line for line in suggesting.suggested(self.sample.leaves) if line.name not in names]
        bare = [Line(name, "") for name in _EMPTY if name not in names | {line.name for line in more}]
        self.lines = self._made([*kept, *more, *bare])
        self.suggested = bool(more)

    def _map(self) -> None:
        """The field pointed at becomes the chosen name; where that has one already, this is its second choice."""
        sent = self.data or QueryDict()
        path, target = sent.get("pick", ""), sent.get("target", "")
        self._begin_with()
        lines = [line.line for line in self.lines]
        if path and target in plain_mapping.TARGETS:
            several = target in {plain_mapping.IDENTITY, "unmapped"} or target.startswith("observables.")
            place = next(
                (at for at, one in enumerate(lines) if one.name == target and (not several or not one.path)), None
            )
            if place is None:
                lines.append(suggesting.line(target, path))
            elif path not in lines[place].path.split(" | "):
                before = lines[place]
                joined = f"{before.path} | {path}" if before.path else path
                lines[place] = replace(before, path=joined) if before.path else suggesting.line(target, path)
        self.lines = self._made(lines)

    def _more(self) -> None:
        self._begin_with()
        self.lines = self._made([*(line.line for line in self.lines), Line("", "")])

    def _turn_to_text(self) -> None:
        try:
            self._begin_with(text=self._text() if self.lines else "", mode="text")
        except Invalid as refusal:
            self.problem = refusals.sentence(refusal)

    def _turn_to_form(self) -> None:
        plain = self._plain(str(self.form["text"].value() or ""))
        if not self.unsayable:
            steps = ", ".join(plain.unwrap)
            self._begin_with(mode="form", unwrap=steps, keys=plain.keys, shape=plain.shape)
            self.lines = self._made(plain.lines)
        else:
            self._begin_with()

    def _begin_with(self, **changed: object) -> None:
        """The same page with what was typed as its beginning: half a mapping is no error yet."""
        start: dict[str, object] = {name: self.form[name].value() for name in self.form.fields}
        self.form = MappingForm(initial={**start, **changed})
        if self.whole is not None:
            del self.form.fields["code"]

    @cached_property
    def preview(self) -> Preview | None:
        """What the mapping as it stands makes of the body; ``problem`` says why there is none."""
        if not self.sample.body.strip() or self.sample.problem:
            return None
        try:
            text = self._text()
            source = site_sources.compiled(self.code or "preview", 0, Mapped(title_en="-", title_ja="-", text=text))
        except BadRule as problem:
            self.problem = refusals.sentence(actions.unusable_source(problem))
        except Invalid as refusal:
            self.problem = "" if refusal.reason == "invalid" else refusals.sentence(refusal)
        else:
            return previewing.preview(source, self.sample.bytes)
        return None

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        if self.conflict is None:
            return []
        theirs, yours = self.conflict.theirs, self.conflict.yours
        return [(name, theirs[name], yours[name]) for name in yours]
