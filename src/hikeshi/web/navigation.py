"""The way round: what the reader may open, and how much waits there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.accounts import stale
from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.assets.permissions import Verb as Assets
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import criteria
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.intake.queries import ruling
from hikeshi.kernel.acting import Actor
from hikeshi.knowledge.permissions import Verb as Knowledge
from hikeshi.load.permissions import Verb as Load
from hikeshi.oncall.permissions import Verb as OnCall
from hikeshi.web.templatetags.show import icon


@dataclass(frozen=True, slots=True)
class Place:
    """``count`` stops at a hundred: beyond that the number says nothing more."""

    key: str
    name: str
    url: str
    picture: SafeString
    here: bool
    count: int = 0
    hot: bool = False
    meaning: str = ""

    @property
    def shown(self) -> str:
        return f"{incidents.BADGE - 1}+" if self.count >= incidents.BADGE else str(self.count)


class Way(TypedDict):
    key: str
    url: str
    here: bool


class Navigation:
    """Nothing is asked of the database until a template shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._actor: Actor | None = getattr(request, "actor", None)

    @property
    def may_open(self) -> bool:
        return self._actor is not None and self._actor.may(Incidents.OPEN)

    @property
    def sees_records(self) -> bool:
        """False for those who see only the records that they are part of."""
        return self._actor is not None and self._actor.may(Incidents.VIEW)

    @property
    def places(self) -> Iterator[Place]:
        if self._actor is None:
            return
        counts = incidents.counts(self._actor)
        yield self._home()
        yield Place(
            **self._to("incidents", "web:incidents"),
            name=_("Incidents"),
            picture=icon("flame"),
            count=counts.open,
            hot=counts.critical > 0,
            meaning=_("open"),
        )
        if self._actor.may(Intake.VIEW):
            waiting = intake.alerts(self._actor, verdict="keep", case="none").order_by()[: incidents.BADGE].count()
            yield Place(
                **self._to("alerts", "web:alerts"),
                name=_("Alerts"),
                picture=icon("bell"),
                count=waiting,
                meaning=_("to look at"),
            )
            yield Place(
                **self._to("rules", "web:rules"),
                name=_("Rules"),
                picture=icon("filter-cog"),
                count=ruling.due(self._actor) + criteria.due_count(self._actor),
                meaning=_("due for review"),
            )
        yield from self._work(self._actor)
        if self._actor.may(Assets.VIEW):
            yield Place(**self._to("assets", "web:assets"), name=_("Assets"), picture=icon("server-2"))
        if self._actor.may(Accounts.VIEW):
            yield self._contacts(stale.most_to_mend(self._actor))
        yield from self._telling(self._actor)
        yield Place(**self._to("report", "portal:odd"), name=_("Report something"), picture=icon("speakerphone"))
        if self._actor.may(Accounts.VIEW):
            yield self._settings()

    def _work(self, actor: Actor) -> Iterator[Place]:
        if actor.may(OnCall.VIEW):
            yield Place(**self._to("oncall", "web:oncall"), name=_("On call"), picture=icon("phone-check"))
        if actor.may(Load.VIEW):
            yield Place(**self._to("load", "web:load"), name=_("Load"), picture=icon("scale"))
        if actor.may(Incidents.VIEW):
            yield Place(**self._to("figures", "web:figures"), name=_("Figures"), picture=icon("chart-bar"))

    def _telling(self, actor: Actor) -> Iterator[Place]:
        """What people at the portal read of the desk."""
        if actor.may(Incidents.VIEW):
            yield Place(**self._to("outages", "web:outages"), name=_("Outage notices"), picture=icon("alert-circle"))
        if actor.may(Knowledge.WRITE):
            yield Place(**self._to("answers", "settings:answers"), name=_("Common questions"), picture=icon("bulb"))

    def _settings(self) -> Place:
        """Not where a place of its own lies among the settings."""
        way = self._to("settings", "settings:home")
        elsewhere = self._path.startswith(reverse("settings:answers"))
        here = way["here"] and not (elsewhere and self._actor is not None and self._actor.may(Knowledge.WRITE))
        return Place(key="settings", url=way["url"], here=here, name=_("Settings"), picture=icon("settings"))

    def _home(self) -> Place:
        """Every address begins as its does."""
        url = reverse("web:home")
        return Place(key="home", name=_("Home"), url=url, picture=icon("home"), here=self._path == url)

    def _contacts(self, mend: int) -> Place:
        to, name = self._to("contacts", "web:contacts"), _("Contacts")
        return Place(**to, name=name, picture=icon("address-book"), count=mend, meaning=_("to mend"))

    def _to(self, key: str, url: str) -> "Way":
        address = reverse(url)
        return {"key": key, "url": address, "here": self._path.startswith(address)}
