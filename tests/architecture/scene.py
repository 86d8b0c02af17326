"""One site with somebody of every kind in it and something of everything they might reach for.

``ours`` holds an incident, alerts, people, a token, a team. The stranger is administrator of ``theirs``: they hold
every verb there is, elsewhere. Nobody has an account and no role.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from allauth.mfa.models import Authenticator

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.drafts import PartyDraft
from hikeshi.accounts.models import Organisation, Person, Token
from hikeshi.accounts.sessions import ORIGIN, SessionStore, begin
from hikeshi.assets import actions as assets
from hikeshi.assets.intelligence.reading import whole
from hikeshi.assets.particulars import Particulars
from hikeshi.canary import actions as canary
from hikeshi.figures import actions as figures
from hikeshi.forms import actions as forms
from hikeshi.forms.definitions import Definition, Field, FieldKind, Text, Use
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import CostKind, RecordClass
from hikeshi.incidents.models import Incident, Link, Participant, Reporter, Task
from hikeshi.incidents.reporting import Knock, Purpose
from hikeshi.intake import actions as intake
from hikeshi.intake import benign, digesting, inhibitions, plain_mapping, silences
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, Parked
from hikeshi.intake.site_rules import Terms
from hikeshi.intake.site_sources import Mapped
from hikeshi.intake.sources.sns import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.knowledge import actions as knowledge
from hikeshi.knowledge.drafts import AnswerDraft
from hikeshi.lists import actions as lists
from hikeshi.lists.together import Deed, Wish
from hikeshi.load import actions as load
from hikeshi.mailboxes import actions as mailboxes
from hikeshi.mailboxes.models import Letter
from hikeshi.notices import actions as notices
from hikeshi.notices.drafts import OutageDraft
from hikeshi.notify import actions as notify
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import Circumstances, TargetKind
from hikeshi.oncall.models import Feed
from hikeshi.oncall.terms import LayerTerms
from hikeshi.reports.codes import Format, ReportLanguage, State
from hikeshi.reports.making import Made
from hikeshi.rooms import actions as rooms
from hikeshi.rooms.models import Room as ChatRoom
from hikeshi.service_levels.actions import Draft as TargetDraft
from hikeshi.service_levels.codes import Measure
from tests import phone, world

DESK = system("test")
TERMS = Terms(
    title_en="x",
    title_ja="x",
    sigma="detection:\n  a:\n    device.hostname: pc1\n  condition: a\n",
    reason_en="x",
    reason_ja="x",
)
LINE = plain_mapping.Line(plain_mapping.TITLE, "a")
MAPPED = Mapped(title_en="x", title_ja="x", text=plain_mapping.written(plain_mapping.Plain((LINE,))))
DRAFT = TargetDraft(Measure.OWN, "x", "x", minutes=(15,) * 5)
CASE = Circumstances(1, "ransomware", "", ref="x")
POLICY = oncall.PolicyDraft(name="Day", steps=(StepDraft(kind=TargetKind.EXECUTIVES),))
ASKED = Definition(
    Text("端末の紛失", "Lost device"),
    Use.ODD,
    fields=(
        Field("f1", FieldKind.SHORT, Text("機種", "Model")),
        Field("f2", FieldKind.ASSET, Text("サービス", "Service")),
    ),
)
TOLD = OutageDraft("障害", "Outage", "調べています。", "We look into it.", since=datetime(2026, 1, 5, tzinfo=UTC))
ANSWERED = AnswerDraft("何を?", "What?", "これを。", "This.")
VIEWERS = ("nobody", "stranger", "auditor", "member", "administrator")
"""In this order the tables give what each comes to."""


@dataclass(frozen=True)
class Scene:
    ours: Organisation
    theirs: Organisation
    viewers: dict[str, Person]
    colleague: Person
    incident: Incident
    hidden: Incident
    alert: Alert
    things: dict[str, object]

    def actor(self, viewer: str) -> Actor:
        return queries.actor_of(self.viewers[viewer])


def built() -> Scene:
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    viewers = {
        "nobody": world.person("nobody"),
        "stranger": world.person("stranger", "administrator", at=theirs),
        "auditor": world.person("auditor", "auditor", at=ours),
        "member": world.person("member", "responder", at=ours),
        "administrator": world.person("administrator", "administrator"),
    }
    colleague = world.person("colleague", "responder", at=ours, password=world.PASSWORD)
    chief = queries.actor_of(viewers["administrator"])
    incident = incidents.open_incident(
        by=chief,
        title="Ransomware",
        kind="ransomware",
        impact=1,
        urgency=1,
        organisation=ours.uuid,
        record_class=RecordClass.INCIDENT,
    )
    things = {**_things(chief, ours, colleague, incident), **_duty(chief, ours, colleague, viewers["member"])}
    things |= _chat(incident) | mailbox()
    return Scene(ours, theirs, viewers, colleague, incident, _hidden(ours), _alert(ours), things)


def _chat(incident: Incident) -> dict[str, object]:
    """A chat tool with a room for our incident, and an account there that waits for the administrator's word."""
    row = rooms.set_workspace(by=DESK, name="Talk", maker="slack")
    given = {"signing_secret": "s", "bot_token": "xoxb-1"}
    rooms.set_workspace(by=DESK, workspace=row.uuid, name="Talk", on=True, given=given)
    ChatRoom.objects.create(workspace=row, subject=incident.subject, ref=incident.ref, place="C1", state="open")
    link = rooms.map_person(by=DESK, workspace=row.uuid, person="administrator", chat_id="U1")
    return {"workspace": row.uuid, "chat_link": link.uuid}


def mailbox() -> dict[str, object]:
    """A mailbox with a letter that was put aside, and a channel by which messages leave."""
    notify.set_channel(by=DESK, kind="chatwork", given={"token": "x"})
    row = mailboxes.set_mailbox(by=DESK, name="Desk", address="desk@example.jp", carries="reports")
    letter = Letter.objects.create(mailbox=row, digest="d", came="smtp", size=1, state="parked", trouble="failed")
    return {"mailbox": row.uuid, "letter": letter.uuid}


def _hidden(place: Organisation) -> Incident:
    """Restricted; its only member is who opened it."""
    keeper = world.actor("keeper", "commander", at=place)
    hidden = incidents.open_incident(by=keeper, title="Insider", kind="insider", impact=1, organisation=place.uuid)
    incidents.restrict(by=keeper, ref=hidden.ref, reason="Names a colleague")
    return hidden


def _alert(place: Organisation) -> Alert:
    digested(place, {"title": "Beacon", "severity": "high", "host": "pc1"})
    return Alert.objects.get()


def _parked(place: Organisation) -> Parked:
    digested(place, "a sentence is no alert")
    return Parked.objects.get()


def digested(place: Organisation, document: object) -> None:
    """As if a detector of that organisation had sent it."""
    item = InboxItem(
        receipt=uuid7(),
        source="generic",
        organisation_id=place.pk,
        body=json.dumps(document).encode(),
        content_type="application/json",
        received_at=clock.now(),
        world=World.REAL,
        alerts=1,
    )
    digesting.digest([item])


def quiet_terms() -> silences.Terms:
    """A silence that holds nothing of what this scene shows."""
    return silences.Terms("x", "host = nowhere", "x", "", clock.now(), clock.now() + timedelta(hours=2))


def harmless() -> benign.Terms:
    """Values that nothing of this scene names."""
    return benign.Terms("x", benign.Kind.HOST, "nowhere", "x", clock.now() + timedelta(days=9))


EXPLAINED = inhibitions.Terms("x", "host = nowhere", "host = there", "host", "x")


def _things(chief: Actor, ours: Organisation, colleague: Person, incident: Incident) -> dict[str, object]:
    ref = incident.ref
    incidents.add_task(by=chief, ref=ref, title="Isolate")
    incidents.add_link(by=chief, ref=ref, url="https://example.com/", title="Wiki")
    incidents.add_person(by=chief, ref=ref, person="colleague", role="scribe")
    linked = assets.add_asset(by=chief, organisation=ours.uuid, particulars=Particulars(name="Mail"))
    team = accounts.add_team(by=chief, organisation=ours.uuid, name="Night")
    incidents.link_asset(by=chief, ref=ref, asset=linked.uuid)
    night = oncall.PolicyDraft(name="Night", steps=POLICY.steps)
    policy = oncall.add_policy(by=DESK, written=night)
    incidents.call_for_help(by=DESK, incident=incident.uuid)
    accounts.create_token(by=chief, scope="intake", source="wazuh", organisation=ours.uuid)
    intake.save_source(by=chief, code="own", terms=MAPPED)
    quiet = intake.set_silence(by=chief, organisation=ours.uuid, terms=quiet_terms())
    calendar = accounts.add_calendar(by=chief, name="Office", time_zone="Asia/Tokyo", hours=["9-18", *[""] * 6])
    accounts.choose_calendar(by=chief, organisation=ours.uuid, calendar=calendar.uuid)
    arn = "arn:aws:sns:ap-northeast-1:123456789012:alarms"
    topic = intake.allow_topic(by=chief, source="wazuh", arn=arn, organisation=ours.uuid)
    intake.take_handshake(by=DESK, topic=topic.uuid, kind=Kind.UNSUBSCRIBE, url="https://sns.example/")
    return {
        "topic": topic.uuid,
        "attachment": incidents.attach_file(by=chief, ref=ref, name="dump.bin", chunks=[b"MZ"]).uuid,
        "calendar": calendar.uuid,
        "policy": policy.uuid,
        "task": Task.objects.get(incident=incident).uuid,
        "milestone": incidents.set_milestone(by=DESK, name="Report", day=date(2026, 12, 1)).uuid,
        "linked": linked.uuid,
        "decision": incidents.ask_decision(by=chief, ref=ref, question="Cut off?", options=["yes", "no"]).uuid,
        "cost": incidents.add_cost(by=chief, ref=ref, kind=CostKind.LOSS, amount=Decimal(10)).uuid,
        "link": Link.objects.get(incident=incident).uuid,
        "participant": Participant.objects.get(incident=incident, person=colleague).uuid,
        "token": Token.objects.get(source="wazuh").uuid,
        "silence": quiet.uuid,
        "benign": intake.list_benign(by=chief, organisation=ours.uuid, terms=harmless()).uuid,
        "inhibition": intake.set_inhibition(by=chief, organisation=ours.uuid, terms=EXPLAINED).uuid,
        "asset": assets.add_asset(
            by=chief, organisation=ours.uuid, particulars=Particulars(name="Customer DB", criticality=4)
        ).uuid,
        "indicators": assets.add_indicators(
            by=chief, organisation=ours.uuid, title="Feed", pieces=whole(b"192.0.2.66\n192.0.2.67\n")
        ).uuid,
        "indicator_file": assets.bring_indicators(
            by=chief, organisation=ours.uuid, title="Large", pieces=[b"192.0.2.68\n" * 30_000]
        ).uuid,
        "import": assets.prepare_import(by=chief, organisation=ours.uuid, file_name="a.csv", body=b"name\nWiki\n").uuid,
        "people_file": accounts.prepare_people_import(
            by=DESK, organisation=ours.uuid, file_name="a.csv", body=b"username,name\nnew,New\n"
        ).uuid,
        "staff_file": accounts.prepare_staff_comparison(
            by=DESK, organisation=ours.uuid, file_name="a.csv", body=b"username,name\nnew,New\n"
        ).uuid,
        "team": team.uuid,
        "spare": accounts.add_team(by=chief, organisation=ours.uuid, name="Spare").uuid,
        "batch": lists.change_together(by=chief, refs=[ref], wish=Wish(deed=Deed.PRIORITY, effect=3)).uuid,
        "saved": lists.save_filter(by=chief, name="Grave", filter="priority:to:2", audience="everyone").uuid,
        "board": figures.keep_board(by=chief, name="Ours", tiles=["open-age"], audience="everyone").uuid,
        "load_rule": load.add_rule(by=DESK, draft=load.RuleDraft("Rule", team=str(team.uuid))).code,
        "party": accounts.add_party(by=chief, organisation=ours.uuid, draft=PartyDraft(name="Forensics")).uuid,
        "way": accounts.add_way(by=chief, owner=f"person:{colleague.uuid}", kind="phone", address="03-1234-5678").uuid,
        "canary": canary.ask(by=chief, to="person", value=f"person:{colleague.uuid}").uuid,
        "below": accounts.add_organisation(by=DESK, name="Below", parent=ours.uuid).uuid,
        "parked": _parked(ours).uuid,
        "session": _signed_in(colleague),
        "factor": Authenticator.objects.create(user=colleague, type="totp", data={"secret": "x"}).pk,
        "invitation": accounts.invite(by=DESK, person=colleague.uuid),
        "sent": phone.queue(colleague).uuid,
        **site_forms(),
        **outage(chief, ours),
        **answer(),
        **_reported(ref, colleague, chief),
    }


def outage(chief: Actor, place: Organisation) -> dict[str, object]:
    """One that people are told of."""
    made = {"title": "Mail is down", "kind": "service_outage", "impact": 2, "urgency": 2}
    told = incidents.open_incident(by=chief, **made, organisation=place.uuid)
    row = notices.publish_outage(by=chief, ref=told.ref, draft=TOLD)
    return {"outage": row.uuid, "outage_ref": told.ref, "outage_record": told.uuid}


def answer() -> dict[str, object]:
    """To a common question; published."""
    kept = knowledge.write_answer(by=DESK, draft=ANSWERED)
    knowledge.publish_answer(by=DESK, answer=kept.answer.uuid, number=1)
    return {"answer": kept.answer.uuid}


def site_forms() -> dict[str, object]:
    """One for everybody, one for the telephone; both are offered."""
    found = {"form": ASKED, "phone_form": replace(ASKED, use=Use.PHONE)}
    kept = {name: forms.write_form(by=DESK, definition=one).form.uuid for name, one in found.items()}
    for uuid in kept.values():
        forms.offer_form(by=DESK, form=uuid, number=1)
    return dict(kept)


def always(person: Person) -> LayerTerms:
    """They alone, at every moment."""
    return LayerTerms("Asia/Tokyo", datetime.fromisoformat("2026-01-05 09:00"), (person.uuid,))


def _duty(chief: Actor, ours: Organisation, colleague: Person, member: Person) -> dict[str, object]:
    """The colleague is on call, asks the member to take a day, is put in for another and away on a third."""
    row = oncall.add_rota(
        by=chief, organisation=ours.uuid, name="Night", time_zone="Asia/Tokyo", layers=[always(colleague)]
    )
    mine, now, day = queries.actor_of(colleague), clock.now(), timedelta(days=1)
    swap = oncall.ask_swap(by=mine, rota=row.uuid, asked=member.uuid, begins_at=now + 2 * day, ends_at=now + 3 * day)
    cover = oncall.add_cover(by=mine, rota=row.uuid, begins_at=now + 4 * day, ends_at=now + 5 * day)
    absence = oncall.add_absence(by=mine, begins_at=now + 6 * day, ends_at=now + 7 * day)
    oncall.open_feed(by=mine)
    feed = Feed.objects.get(person=colleague)
    calendar = oncall.subscribe_calendar(by=mine, address="https://calendar.example/of-mine.ics")
    known = {"rota": row, "swap": swap, "cover": cover, "absence": absence, "feed": feed, "subscription": calendar}
    return {name: one.uuid for name, one in known.items()}


def _reported(ref: str, colleague: Person, chief: Actor) -> dict[str, object]:
    """The colleague called about our incident and was asked something; one more report is all theirs."""
    mine = incidents.report(
        by=queries.actor_of(colleague), purpose=Purpose.ODD, what="Red warning", nonce="scene-report-0123456789"
    )
    Reporter.objects.filter(pk=mine.reporter.pk).update(incident=Incident.objects.get(ref=ref))
    question = incidents.reply(by=chief, ref=ref, text="Since when?", asks=True)
    tried = incidents.knock(by=DESK, what=Knock.FOLLOW, place="192.0.2.1")
    return {"beside": mine.incident.ref, "report": mine.reporter.uuid, "question": question.uuid, "knocked": tried}


def issued(incident: Incident) -> Made:
    """A report of it as it stands, ready to be put into the ledger."""
    return Made(
        incident=incident.uuid,
        ref=incident.ref,
        form=Format.PDF,
        language=ReportLanguage.JA,
        reading="own",
        state=State.of_issue(incident.status),
        ledger=1,
        content=b"%PDF",
    )


def _signed_in(person: Person) -> UUID:
    store = SessionStore()
    origin = begin("192.0.2.1", "Firefox")
    store["_auth_user_id"], store[ORIGIN] = str(person.pk), origin
    store.save()
    return UUID(origin["session"])


def uuid_of(scene: Scene, thing: str) -> UUID:
    found = scene.things[thing]
    assert isinstance(found, UUID)
    return found
