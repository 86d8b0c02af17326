"""The settings there are: what each settles, in one line, and where it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.assets.permissions import Verb as Assets
from hikeshi.finding.permissions import Verb as Finding
from hikeshi.forms.permissions import Verb as Forms
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.kernel.acting import Actor
from hikeshi.knowledge.permissions import Verb as Knowledge
from hikeshi.load.permissions import Verb as Load
from hikeshi.mailboxes.permissions import Verb as Mailboxes
from hikeshi.notify import queries as notify
from hikeshi.notify.permissions import Verb as Notify
from hikeshi.oncall.permissions import Verb as Oncall
from hikeshi.rooms.permissions import Verb as Rooms
from hikeshi.service_levels.permissions import Verb as ServiceLevels
from hikeshi.web.templatetags.show import icon


@dataclass(frozen=True, slots=True)
class Setting:
    """``verb``: who gets to see the page at all."""

    name: str
    line: str
    url: str
    picture: SafeString
    verb: str

    def is_here(self, path: str) -> bool:
        return path.startswith(self.url)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    settings: list[Setting]


def groups(actor: Actor) -> list[Group]:
    """What this reader may open."""
    found = (
        Group(_("This desk"), [*_desk(), *(_keeping() if accounts.may_manage_site(actor) else ())]),
        Group(_("Judging and responding"), [*_judging(), *_asking(), *_calling(), *_promising()]),
        Group(_("People and rights"), list(_people())),
        Group(_("Connections"), [*_detectors(), *(_sending() if notify.may_view(actor) else ()), *_talking()]),
    )
    allowed = [Group(one.name, [each for each in one.settings if actor.may(each.verb)]) for one in found]
    return [one for one in allowed if one.settings]


def _desk() -> Iterator[Setting]:
    yield Setting(
        _("Site"),
        _("Name, languages, time zone, message of the day; whether messages may leave."),
        reverse("settings:site"),
        icon("building"),
        Accounts.VIEW,
    )
    yield Setting(
        _("Calendars"),
        _("Business hours, public holidays and closing days, for each organisation."),
        reverse("settings:calendars"),
        icon("calendar"),
        Accounts.VIEW,
    )
    yield Setting(
        _("Words that mean the same"),
        _("What the search looks for besides the word somebody typed: leak and data breach."),
        reverse("settings:synonyms"),
        icon("search"),
        Finding.CONFIGURE,
    )


def _keeping() -> Iterator[Setting]:
    """For whoever keeps the whole site."""
    yield Setting(
        _("Keeping and deleting data"),
        _("How long each kind of data is kept, what goes next, what is held."),
        reverse("settings:retention"),
        icon("archive"),
        Accounts.MANAGE,
    )


def _judging() -> Iterator[Setting]:
    yield Setting(
        _("Reports by people"),
        _("Whether anybody may report without an account, and how long a reporter may come back."),
        reverse("settings:reporting"),
        icon("speakerphone"),
        Incidents.CONFIGURE,
    )
    yield Setting(
        _("Criteria"),
        _("What each class, kind and level means, and when to escalate; with owner and review date."),
        reverse("settings:criteria"),
        icon("ruler-2"),
        Incidents.VIEW,
    )
    yield Setting(
        _("Kinds"),
        _("What can happen: names, when to choose each, RSIT and VERIS codes, the course it follows."),
        reverse("settings:kinds"),
        icon("tag"),
        Incidents.VIEW,
    )
    yield Setting(
        _("Courses"),
        _("The phases a record goes through, whose each is, and what must hold before it goes on."),
        reverse("settings:courses"),
        icon("route"),
        Incidents.VIEW,
    )
    yield Setting(
        _("Priority matrix"),
        _("Priority from impact, effect and urgency; see what a change would move before saving it."),
        reverse("settings:matrix"),
        icon("grid-3x3"),
        Incidents.VIEW,
    )


def _asking() -> Iterator[Setting]:
    yield Setting(
        _("Forms"),
        _("Forms of your own for reports, requests and calls: questions, conditions, both languages, versions."),
        reverse("settings:forms"),
        icon("forms"),
        Forms.CONFIGURE,
    )
    yield Setting(
        _("Answers to common questions"),
        _("What people find at the portal while they type, before they report: questions, answers, who they helped."),
        reverse("settings:answers"),
        icon("bulb"),
        Knowledge.WRITE,
    )
    yield Setting(
        _("Outage notices"),
        _("What people at the portal are and were told of, and how many have it too."),
        reverse("web:outages"),
        icon("speakerphone"),
        Incidents.VIEW,
    )


def _calling() -> Iterator[Setting]:
    yield Setting(
        _("Escalation"),
        _("Who is called after whom until somebody answers; who the executives are; a dry run."),
        reverse("settings:escalation"),
        icon("phone-outgoing"),
        Oncall.VIEW,
    )


def _promising() -> Iterator[Setting]:
    yield Setting(
        _("Service levels"),
        _("How soon records are owned, answered, contained and resolved; what is told on the way; what is stuck."),
        reverse("settings:service_levels"),
        icon("clock-check"),
        ServiceLevels.VIEW,
    )
    yield Setting(
        _("Load and assignment"),
        _("Skills, when a queue is too much, and the rules that give new records to people."),
        reverse("settings:load"),
        icon("scale"),
        Load.VIEW,
    )


def _people() -> Iterator[Setting]:
    yield Setting(
        _("Users"),
        _("Who has an account, and which roles they hold where."),
        reverse("settings:people"),
        icon("users"),
        Accounts.VIEW,
    )
    yield Setting(
        _("Contacts"),
        _("When a contact counts as stale, how often the desk asks for an answer, who looks after them."),
        reverse("settings:contacts"),
        icon("address-book"),
        Accounts.VIEW,
    )
    yield Setting(
        _("Teams"),
        _("Some people under one name, and who leads them."),
        reverse("settings:teams"),
        icon("users-group"),
        Accounts.VIEW,
    )
    yield Setting(
        _("Roles"),
        _("What each role may do, and which need a second factor."),
        reverse("settings:roles"),
        icon("shield-check"),
        Accounts.VIEW,
    )
    yield Setting(
        _("Organisations"),
        _("Group companies, departments and customers, as a tree."),
        reverse("settings:organisations"),
        icon("sitemap"),
        Accounts.VIEW,
    )


def _detectors() -> Iterator[Setting]:
    yield Setting(
        _("Tokens"),
        _("The keys with which detectors and programs come in."),
        reverse("settings:tokens"),
        icon("key"),
        Accounts.MANAGE,
    )
    yield Setting(
        _("Sources"),
        _("Which detectors are understood, and when each was last heard."),
        reverse("settings:sources"),
        icon("plug-connected"),
        Intake.VIEW,
    )
    yield Setting(
        _("Threat intelligence"),
        _("Lists of indicators, CISA KEV, MITRE ATT&CK, own domains: what alerts are compared with."),
        reverse("web:indicators"),
        icon("database-search"),
        Assets.VIEW,
    )


def _talking() -> Iterator[Setting]:
    yield Setting(
        _("Chat"),
        _("Commands from Slack, Teams, Mattermost or LINE WORKS; who is who there; a room for each incident."),
        reverse("settings:chat"),
        icon("message-circle"),
        Rooms.CONFIGURE,
    )
    yield Setting(
        _("Mailboxes"),
        _("Mail that becomes reports, suspicious mails with their evidence, or alerts."),
        reverse("settings:mailboxes"),
        icon("mail"),
        Mailboxes.CONFIGURE,
    )


def _sending() -> Iterator[Setting]:
    """For whoever sees what leaves the whole site."""
    yield Setting(
        _("Channels"),
        _("How calls and notifications leave the desk, and whether each channel works."),
        reverse("settings:channels"),
        icon("send"),
        Notify.VIEW,
    )
    yield Setting(
        _("Messages out"),
        _("What went to whom, by which way, with the proof of every try."),
        reverse("settings:messages"),
        icon("mail-forward"),
        Notify.VIEW,
    )
    yield Setting(
        _("Canary"),
        _("A test alert that must reach somebody and be answered: on demand, by plan, and how long it takes."),
        reverse("settings:canary"),
        icon("flask"),
        Notify.VIEW,
    )
