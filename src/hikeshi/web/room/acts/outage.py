"""Telling people at the portal of an outage. Its words leave the desk: they are looked at before they do."""

from typing import ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import queries as incidents
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import NotFound, Refusal
from hikeshi.notices import actions
from hikeshi.notices import queries as notices
from hikeshi.notices.drafts import SERVICES, TEXT, TITLE, Audience, News, OutageDraft
from hikeshi.notices.queries import Known, Piece
from hikeshi.phrases import labels
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.room.acts.form import ActForm

LOOK = "look"


class _Telling(ActForm):
    """First what people would read is shown, in both languages; only what was shown is told."""

    outward = True
    outward_words = _("People outside the desk will read this. Name nobody, and nothing an attacker could use.")
    looking: ClassVar[Promise] = _("Show what people will read")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, **named: object) -> None:
        self.previews: list[tuple[str, Known]] = []
        super().__init__(**named)  # type: ignore[arg-type]  # as the view gives them

    @property
    def press(self) -> Promise | str:
        return self.button if self.previews else self.looking

    def carried_out(self) -> bool:
        if not self.is_bound or not self.is_valid() or self.refused_anyway:
            return super().carried_out()
        mark = self._mark()
        if self.cleaned_data["seen"] == mark:
            return super().carried_out()
        self.previews = [(code, self.preview(code)) for code in ("ja", "en")]
        self.data = self.sent.copy()
        self.data["seen"] = mark
        return False

    @property
    def refused_anyway(self) -> bool:
        """Nothing to look at: the verb says why."""
        return False

    def _mark(self) -> str:
        """Of everything people would read."""
        return "\n".join(f"{name}={value}" for name, value in self.cleaned_data.items() if name not in UNREAD)

    def preview(self, code: str) -> Known:
        raise NotImplementedError

    def refuse(self, refusal: Refusal) -> None:
        super().refuse(refusal)
        self.previews = []


UNREAD = {"seen", "version"}


class _Words(_Telling):
    title_ja = forms.CharField(label=_("What people call it, in Japanese"), max_length=TITLE)
    title_en = forms.CharField(label=_("What people call it, in English"), max_length=TITLE)
    text_ja = forms.CharField(
        label=_("What they should know and do, in Japanese"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_en = forms.CharField(
        label=_("What they should know and do, in English"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    services_ja = forms.CharField(label=_("Affected services, in Japanese"), required=False, max_length=SERVICES)
    services_en = forms.CharField(label=_("Affected services, in English"), required=False, max_length=SERVICES)
    since = LocalMoment(label=_("Since"))
    expected_end = LocalMoment(label=_("Expected to be over by"), required=False)
    audience = forms.ChoiceField(label=_("Who reads it"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        offer(self, "audience", labels.choices("outage_audience"))

    def draft(self) -> OutageDraft:
        said = {name: value for name, value in self.cleaned_data.items() if name not in UNREAD}
        return OutageDraft(**{**said, "audience": Audience(said["audience"])})

    def preview(self, code: str) -> Known:
        said = self.cleaned_data
        return Known(
            uuid=self.incident.uuid,
            title=said[f"title_{code}"],
            services=said[f"services_{code}"],
            since=said["since"],
            expected_end=said["expected_end"],
            ended_at=None,
            news=[Piece(said[f"text_{code}"], clock.now())],
        )


class Publish(_Words):
    head = _("Tell people of this outage")
    button = _("Publish it at the portal")
    done = _("People read it at the portal now.")
    consequence = _("It ends by itself when the record is closed.")

    def starting(self) -> dict[str, object]:
        hit = ", ".join(line.asset.name for line in incidents.room(self.by, self.ref).struck.linked[:5])
        begun = self.incident.opened_at.replace(second=0, microsecond=0)
        return {"since": begun, "services_ja": hit, "services_en": hit, "audience": Audience.SIGNED_IN}

    def act(self) -> None:
        actions.publish_outage(by=self.by, ref=self.ref, draft=self.draft())


class Update(_Words):
    head = _("Tell people what is new")
    button = _("Publish the news")
    done = _("People read the news at the portal now.")
    consequence = _("What was said before stays readable beneath it.")

    def starting(self) -> dict[str, object]:
        now = notices.going(self.incident)
        if now is None:
            return {}
        return {name: getattr(now, name) for name in ("version", *actions.COLUMNS)}

    @property
    def refused_anyway(self) -> bool:
        return notices.going(self.incident) is None

    def act(self) -> None:
        version = self.cleaned_data["version"]
        actions.update_outage(by=self.by, ref=self.ref, draft=self.draft(), version=version)


class End(_Telling):
    head = _("Tell people that it is over")
    button = _("Publish that it is over")
    done = _("People read at the portal that it is over, for a day.")
    consequence = _("The record itself stays as it is.")

    text_ja = forms.CharField(
        label=_("What they should know now, in Japanese"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_en = forms.CharField(
        label=_("What they should know now, in English"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def refused_anyway(self) -> bool:
        return notices.going(self.incident) is None

    def preview(self, code: str) -> Known:
        now = notices.going(self.incident)
        if now is None:
            raise NotFound("outage")
        shown = notices.shown(now, code, list(now.news.order_by("-id")))
        news = [Piece(self.cleaned_data[f"text_{code}"], clock.now()), *shown.news]
        return Known(shown.uuid, shown.title, shown.services, shown.since, shown.expected_end, clock.now(), news)

    def act(self) -> None:
        said = self.cleaned_data
        actions.end_outage(by=self.by, ref=self.ref, news=News(said["text_ja"], said["text_en"]))
