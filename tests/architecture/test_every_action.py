"""Every verb of the product refuses who holds no grant. An action added tomorrow is asked tomorrow.

Arguments are filled in by parameter name, with things that exist; that they do is shown by asking the keeper of the
site with the same ones. A name that stands for something new makes the test fail until it is added to ``things``.
"""

import importlib
import inspect
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

import hikeshi.config.urls  # every surface loads its domain's actions
from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.drafts import CallLineDraft, PartyDraft
from hikeshi.accounts.facts import Method
from hikeshi.accounts.models import Person, Session, Token
from hikeshi.accounts.steps import Step
from hikeshi.assets import actions as assets
from hikeshi.assets.intelligence import values
from hikeshi.assets.intelligence.codes import Sort
from hikeshi.assets.intelligence.reading import survey, whole
from hikeshi.assets.particulars import Particulars
from hikeshi.canary import actions as canary
from hikeshi.figures import actions as figures
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import CostKind, MomentKind, RecordClass, Tlp, Waiting
from hikeshi.incidents.criteria import CriteriaField
from hikeshi.incidents.drafts import PhaseDraft
from hikeshi.incidents.models import Reporter
from hikeshi.incidents.reporting import Knock, Purpose
from hikeshi.incidents.vocabularies import Subject
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.intake.facts import AlertJudged
from hikeshi.intake.faulty import Fault
from hikeshi.intake.folding import Change
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, Parked
from hikeshi.intake.sources.sns import Kind as SnsKind
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import NotAllowed, NotFound, Refusal
from hikeshi.kernel.vault import Draft
from hikeshi.kernel.worlds import World
from hikeshi.knowledge.drafts import Mark
from hikeshi.ledger.acts import ACTIONS
from hikeshi.ledger.models import Entry
from hikeshi.lists import actions as lists
from hikeshi.lists.actions import together as lists_together
from hikeshi.lists.together import Deed, Wish
from hikeshi.load import actions as load
from hikeshi.notices.drafts import Ended, News
from hikeshi.notify import links, setups
from hikeshi.notify.actions import planning
from hikeshi.notify.models import Delivery
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.escalation import Circumstances, Target, TargetKind
from hikeshi.oncall.models import Feed
from hikeshi.oncall.queries.shifts import File
from hikeshi.oncall.queries.targets import Book
from hikeshi.rooms import actions as rooms
from hikeshi.rooms.models import Room as ChatRoom
from hikeshi.rooms.results import Written
from hikeshi.service_levels.book import shipped
from hikeshi.service_levels.codes import Measure
from tests import phone, receivers, world
from tests.architecture import scene, source
from tests.architecture.scene import issued

Things = dict[str, Any]
WEEK = ["9-18", *[""] * 6]
Verb = Callable[..., object]
EASED = Wish(deed=Deed.PRIORITY, effect=3)
WITHOUT_ACTOR = {"intake.write": "the engine's digest; what it writes was let in by a token"}
ONES_OWN = {
    "accounts.choose_reading",
    "accounts.set_preferences",
    "accounts.note_second_factors",
    "accounts.note_sign_in",
    "accounts.note_sign_out",
    "incidents.report",
    "forms.send_form",
    "lists.arrange",
    "lists.mark_seen",
    "lists.save_filter",
    "notify.prepare_push",
    "notify.set_own_rules",
    "oncall.set_duty_notice",
    "rooms.make_link_code",
    "notify.subscribe",
}
"""What anybody may do with what is theirs: refused to whoever is no person."""


def _topic(keeper: Actor) -> UUID:
    arn = "arn:aws:sns:ap-northeast-1:123456789012:alarms"
    row = intake.allow_topic(by=keeper, source="guardduty", arn=arn)
    intake.take_handshake(by=system("t"), topic=row.uuid, kind=SnsKind.UNSUBSCRIBE, url="https://sns.example/")
    return row.uuid


def name_of(action: Verb) -> str:
    return f"{action.__module__.split('.')[1]}.{action.__name__}"


def all_actions() -> dict[str, Verb]:
    for path in source.modules():
        if "/actions" in path:
            importlib.import_module("hikeshi." + path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return {name_of(action): action for action in ACTIONS if action.__module__.startswith("hikeshi.")}


def alert() -> Alert:
    return _digested({"title": "Beacon", "severity": "high", "host": "pc1"}, Alert)


def _digested(document: object, model: type[Any]) -> Any:
    item = InboxItem(
        receipt=uuid7(),
        source="generic",
        organisation_id=world.site().pk,
        body=json.dumps(document).encode(),
        content_type="application/json",
        received_at=clock.now(),
        world=World.REAL,
        alerts=1,
    )
    digesting.digest([item])
    return model.objects.get()


def things() -> Things:
    """One of everything a parameter may name."""
    branch, keeper = world.organisation("Osaka"), world.admin()
    root, mori, seen = world.site(), world.person("mori", "responder"), alert()
    parked = _digested("a sentence is no alert", Parked)
    intake.save_source(by=keeper, code="own", terms=scene.MAPPED)
    incident = incidents.open_incident(by=keeper, title="Encrypted files", kind="ransomware", impact=1, urgency=1)
    own = {"by": keeper, "ref": incident.ref}
    team = accounts.add_team(by=keeper, organisation=root.uuid, name="CSIRT", people=[mori.uuid])
    accounts.create_token(by=keeper, scope="intake", source="wazuh")
    mail = assets.add_asset(by=keeper, organisation=branch.uuid, particulars=Particulars(name="Mail"))
    incidents.link_asset(**own, asset=mail.uuid)
    hidden = incidents.open_incident(by=world.actor("abe", "commander"), title="Leak", kind="insider", impact=1)
    incidents.add_kind(by=keeper, code="drone", ja="ドローン", en="Drone", course="service")
    incidents.restrict(by=world.actor("abe"), ref=hidden.ref, reason="personal data")
    incidents.require(by=system("t"), subject=f"incident:{incident.uuid}", gate="notice_sent", asked_by="duties")
    factor = Authenticator.objects.create(user_id=keeper.person_id, type="totp", data={"secret": "x"})
    theirs, outside = f"person:{mori.uuid}", PartyDraft(name="Forensics")
    attempt = accounts.open_attempt(by=system("t"), step=Step.PASSWORD, username="mori", address="192.0.2.1")
    session = Session.objects.create(
        session_key="k", session_data="", expire_date=clock.now() + timedelta(hours=1), person_id=keeper.person_id
    )
    told = incidents.report(by=keeper, purpose=Purpose.ODD, what="Red warning", nonce="own-report-0123456789")
    incidents.reply(by=keeper, ref=told.incident.ref, text="Since when?")
    Reporter.objects.filter(pk=told.reporter.pk).update(incident=incident)
    question = incidents.reply(by=keeper, ref=incident.ref, text="Where?", asks=True)
    night = oncall.PolicyDraft(name="Night", steps=scene.POLICY.steps)
    policy = oncall.add_policy(by=keeper, written=night)
    incidents.call_for_help(by=system("t"), incident=incident.uuid)
    talk = rooms.set_workspace(by=keeper, name="Talk", maker="slack")
    given = {"signing_secret": "s", "bot_token": "xoxb-1"}
    rooms.set_workspace(by=keeper, workspace=talk.uuid, name="Talk", on=True, given=given)
    ChatRoom.objects.create(workspace=talk, subject=incident.subject, ref=incident.ref, place="C1", state="open")
    return {
        **duty(mori, keeper),
        "workspace": talk.uuid,
        "chat_link": rooms.map_person(by=system("t"), workspace=talk.uuid, person="admin", chat_id="U1").uuid,
        "chat_id": "U2",
        **scene.mailbox(),
        "carries": "reports",
        "address": "192.0.2.1",
        "asset": mail.uuid,
        "alert": seen.uuid,
        "alerts": [seen.uuid],
        "asked_by": "duties",
        "attachment": incidents.attach_file(**own, name="dump.bin", chunks=[b"MZ"]).uuid,
        "at": clock.now(),
        "attempt": attempt.uuid,
        "answer_days": 7,
        "before": {},
        "called_at": clock.now(),
        "call": CallLineDraft(owner=theirs),
        "answer_hours": 48,
        "check_days": 30,
        "stale_days": 90,
        "country": "JP",
        "how": "called",
        "now": clock.now(),
        "check": uuid7(),
        "left": True,
        "why": "wrong",
        "limits": {"detect": 3},
        "lines": [],
        "order": [],
        "party": accounts.add_party(by=keeper, organisation=branch.uuid, draft=outside).uuid,
        "way": accounts.add_way(by=keeper, owner=theirs, kind="phone", address="03-1234-5678").uuid,
        "way_owner": theirs,
        "outside": PartyDraft(name="Lawyers"),
        "body": b"name\nWiki\n",
        "calendar": accounts.add_calendar(by=keeper, name="Office", time_zone="UTC", hours=WEEK).uuid,
        "holidays": {},
        "case": f"incident:{incident.uuid}",
        "case_ref": incident.ref,
        "category": "bodies",
        "days": None,
        "code": "watcher",
        "book": Book(clock.now()),
        "circumstances": Circumstances(1, "ransomware", str(root.uuid), ref=incident.ref),
        "dues": [],
        "incident": incident.uuid,
        "policies": [policy.uuid],
        "policy": policy.uuid,
        "priority": 1,
        "who": Target(TargetKind.ROLE, "manager"),
        "written": scene.POLICY,
        "codes": ["other"],
        "course": "service",
        "canary": canary.ask(by=keeper, to="person", value=f"person:{mori.uuid}").uuid,
        "patience": timedelta(minutes=1),
        "receipt": uuid7(),
        "sent": b"{}",
        "draft": Draft(uuid7(), 2, "0" * 64, ""),
        "email": "mori@example.jp",
        "en": "Word",
        "entry": 1,
        "file_name": "assets.csv",
        **scene.site_forms(),
        **scene.outage(keeper, root),
        **scene.answer(),
        "reader": keeper,
        "because": Ended.CLOSED,
        "news": News("x", "x"),
        "gate": "spread_stopped",
        "impact": 2,
        "indicators": assets.add_indicators(
            by=keeper, organisation=branch.uuid, title="Feed", pieces=whole(b"192.0.2.66")
        ).uuid,
        "imported_file": assets.prepare_import(
            by=keeper, organisation=branch.uuid, file_name="a.csv", body=b"name\nFax\n"
        ).uuid,
        "hidden": hidden.ref,
        "hours": WEEK,
        "ja": "言葉",
        "judged": _judged(seen),
        "key": "who",
        "kind": "malware",
        "knocked": incidents.knock(by=system("t"), what=Knock.FOLLOW, place="192.0.2.1"),
        "language": "en",
        "load_rule": load.add_rule(by=keeper, draft=load.RuleDraft("Rule", team=str(team.uuid))).code,
        "minutes": 60,
        "link_token": _asked(mori),
        "link": incidents.add_link(**own, url="https://example.jp/").uuid,
        "message": question.uuid,
        "made": issued(incident),
        "matrix": incidents.set_matrix(by=keeper, preset="glpi").number,
        "methods": [Method.PASSWORD],
        "name": "New name",
        "nonce": "a-form-0123456789",
        "number": factor.pk,
        "open": True,
        "open_to_all": True,
        "organisation": branch.uuid,
        "owner": "mori",
        "parent": root.uuid,
        "parked": parked.uuid,
        "particulars": Particulars(name="New asset"),
        "passed": True,
        "participant": incidents.add_person(**own, person=str(mori.uuid), role="scribe").uuid,
        "password": world.PASSWORD,
        "people": [],
        "people_file": accounts.prepare_people_import(
            by=keeper, organisation=branch.uuid, file_name="a.csv", body=b"username,name\nnew,New\n"
        ).uuid,
        "staff_file": accounts.prepare_staff_comparison(
            by=keeper, organisation=branch.uuid, file_name="a.csv", body=b"username,name\nnew,New\n"
        ).uuid,
        "person": mori.uuid,
        "phase": "analyse",
        "phases": [PhaseDraft("open"), PhaseDraft("answer")],
        "place": "192.0.2.1",
        "preset": "itop",
        "reading": "ipa",
        "purpose": Purpose.ODD,
        "reason": "because",
        "record_class": RecordClass.INCIDENT,
        "into": incident.ref,
        "reports": [incident.ref],
        "ref": incident.ref,
        "report": told.reporter.uuid,
        "required": True,
        "required_gate": "notice_sent",
        "resolution": "done",
        "restricted": True,
        "role": "manager",
        "scope": "api",
        "score": 5,
        "secret": accounts.invite(by=keeper, person=mori.uuid),
        "session": session.uuid,
        "benign": intake.list_benign(by=keeper, organisation=root.uuid, terms=scene.harmless()).uuid,
        "inhibition": intake.set_inhibition(by=keeper, organisation=root.uuid, terms=scene.EXPLAINED).uuid,
        "silence": intake.set_silence(by=keeper, organisation=root.uuid, terms=scene.quiet_terms()).uuid,
        "topic": _topic(keeper),
        "sha256": "0" * 64,
        "size": 1,
        "step": Step.PASSWORD,
        "subject": f"incident:{incident.uuid}",
        "task": incidents.add_task(**own, title="Isolate").uuid,
        "milestone": incidents.set_milestone(by=keeper, name="Report", day=date(2026, 12, 1)).uuid,
        "after": [],
        "start_at": None,
        "due_at": None,
        "day": date(2026, 12, 1),
        "decision": incidents.ask_decision(**own, question="Cut off?", options=["yes", "no"]).uuid,
        "cost": incidents.add_cost(**own, kind=CostKind.LOSS, amount=Decimal(10)).uuid,
        "question": "Cut off?",
        "options": ["yes", "no"],
        "choice": 0,
        "amount": Decimal(20),
        "actual": True,
        "batch": lists.change_together(by=keeper, refs=[incident.ref], wish=EASED).uuid,
        "undone": lists_together.end_batch(
            by=keeper, batch=lists.change_together(by=keeper, refs=[incident.ref], wish=EASED).uuid
        ).uuid,
        "saved": lists.save_filter(by=keeper, name="Grave", filter="priority:to:2", audience="everyone").uuid,
        "board": figures.keep_board(by=keeper, name="Ours", tiles=["open-age"], audience="everyone").uuid,
        "tiles": ["open-age"],
        "team": team.uuid,
        "text": "Seen.",
        "theme": "dark",
        "time_zone": "Asia/Tokyo",
        "title": "Phishing",
        "tlp": Tlp.RED,
        "token": Token.objects.get(source="wazuh").uuid,
        "url": "https://example.jp/2",
        "username": "ito",
        "value": "x",
        "verbs": ["incidents.view"],
        "verdict": "drop",
        "what": "x",
        "waiting": Waiting.REPORTER,
        "words": "x",
        "world": World.REAL,
    }


def duty(mori: Person, keeper: Actor) -> Things:
    """The keeper is asked to take a turn, so that they may answer."""
    now, day = clock.now(), timedelta(days=1)
    time = {"begins_at": now + day, "ends_at": now + 2 * day}
    row = oncall.add_rota(
        by=keeper, organisation=world.site().uuid, name="Night", time_zone="UTC", layers=[scene.always(mori)]
    )
    asks = queries.actor_of(mori)
    asked = UUID(keeper.ref.removeprefix("person:"))
    oncall.open_feed(by=keeper)
    return {
        **time,
        "rota": row.uuid,
        "layers": [scene.always(mori)],
        "swap": oncall.ask_swap(by=asks, rota=row.uuid, asked=asked, **time).uuid,
        "cover": oncall.add_cover(by=keeper, rota=row.uuid, person=mori.uuid, **time).uuid,
        "absence": oncall.add_absence(by=asks, begins_at=now + 3 * day, ends_at=now + 4 * day).uuid,
        "feed": Feed.objects.get().uuid,
        "subscription": oncall.subscribe_calendar(by=keeper, address="https://x.example/a.ics", rota=row.uuid).uuid,
    }


def _asked(person: Person) -> str:
    """The token of a message that waits for an answer."""
    phone.way(person)
    row = phone.queue(person)
    planning.plan(clock.now(), setups.read())
    return links.token(Delivery.objects.get(outgoing=row).uuid)


def _judged(seen: Alert) -> AlertJudged:
    return AlertJudged(
        alert=seen.uuid,
        source=seen.source,
        fingerprint=seen.fingerprint,
        organisation=seen.organisation.uuid,
        severity=seen.severity,
        change=Change.NEW,
        verdict=Verdict.OPEN,
        rule="r1",
        rule_version=1,
        kind="malware",
        impact=2,
        effect=2,
        urgency=2,
        first_seen=seen.first_seen,
    )


NOTED = Wish(deed=Deed.NOTE, text="Seen.")


def _another(kind: str = "phishing") -> str:
    """Of a record no batch holds."""
    made = {"title": "Another", "kind": kind, "impact": 2, "urgency": 2}
    return incidents.open_incident(by=world.admin(), **made).ref


def arguments(name: str, action: Verb, found: Things) -> Things:
    """What the action asks for; a few words mean something else to one of them."""
    own: dict[str, Things] = {
        "assets.begin_indicators": {"origin": "", "read": survey(whole(b"192.0.2.1"))},
        "assets.load_catalogue": {"which": "domains", "body": b"corp.example"},
        "assets.remove_indicator": {"key": values.key(Sort.ADDRESS, "192.0.2.66")},
        "forms.write_form": {"definition": scene.ASKED, "form": found["form"]},
        "forms.offer_form": {"number": 1},
        "forms.send_form": {"number": 1, "given": {}},
        "knowledge.write_answer": {"draft": scene.ANSWERED},
        "knowledge.publish_answer": {"number": 1},
        "knowledge.mark_answer": {"mark": Mark.HELPED, "place": "person:x"},
        "notices.publish_outage": {"ref": _another("service_outage"), "draft": scene.TOLD},
        "notices.update_outage": {"ref": found["outage_ref"], "draft": scene.TOLD},
        "notices.end_outage": {"ref": found["outage_ref"]},
        "notices.end_with_record": {"incident": found["outage_record"]},
        "notices.forget_outages": {"incident": found["outage_record"]},
        "notices.share_outage": {"place": "person:x"},
        "finding.set_synonyms": {"groups": "leak, breach"},
        "finding.restore_synonyms": {"number": 0},
        "figures.keep_board": {"board": None},
        "lists.restore_filter": {"number": 1},
        "lists.begin_batch": {"wish": NOTED, "count": 1},
        "lists.change_one": {"wish": NOTED, "ref": _another(), "batch": found["batch"]},
        "lists.note_refused": {"ref": _another(), "batch": found["batch"]},
        "lists.give_back": {"batch": found["undone"]},
        "load.add_rule": {"draft": load.RuleDraft("Mail", team=str(found["team"]))},
        "load.change_rule": {"code": found["load_rule"], "draft": load.RuleDraft("Mail", team=str(found["team"]))},
        "load.order_rules": {"codes": [found["load_rule"]]},
        "load.remove_rule": {"code": found["load_rule"]},
        "load.switch_rule": {"code": found["load_rule"], "on": False},
        "load.switch_automatic": {"on": True},
        "load.set_skills": {"skills": ["mail"]},
        "load.hand_over": {"refs": [found["ref"]]},
        "service_levels.act_on_passing": {"measure": Measure.OWN, "round_": 1, "percent": 50, "acts": ()},
        "service_levels.add_target": {"draft": scene.DRAFT},
        "service_levels.change_target": {"code": "own", "draft": scene.DRAFT},
        "service_levels.order_targets": {"codes": [one.code for one in shipped().targets]},
        "service_levels.remove_target": {"code": "own"},
        "service_levels.set_stuck_limits": {"no_move": (1,) * 5, "no_owner": (1,) * 5, "waiting": (1,) * 5},
        "service_levels.switch_target": {"code": "own", "on": True},
        "incidents.review_criteria": {"criteria_of": CriteriaField.IMPACT, "review": date(2040, 1, 1)},
        "incidents.write_criteria": {"criteria_of": CriteriaField.IMPACT, "texts": {"1": {"ja": "x", "en": "x"}}},
        "intake.fail_rule": {"code": "ransomware", "fault": Fault.ERROR},
        "intake.put_in_force": {"code": "ransomware", "version": 0},
        "intake.review_rule": {"code": "ransomware", "review": date(2040, 1, 1)},
        "intake.save_rule": {"terms": scene.TERMS},
        "intake.watch_source": {"code": "wazuh", "quiet_days": 3},
        "intake.save_source": {"code": "mine", "terms": scene.MAPPED},
        "intake.list_benign": {"organisation": found["organisation"], "terms": scene.harmless()},
        "intake.review_benign": {"entry": found["benign"], "until": clock.now() + timedelta(days=9)},
        "intake.end_benign": {"entry": found["benign"]},
        "intake.set_flapping": {"changes": 6, "minutes": 60},
        "intake.set_noise_report": {"on": False},
        "intake.set_inhibition": {"organisation": found["organisation"], "terms": scene.EXPLAINED},
        "intake.change_inhibition": {"terms": scene.EXPLAINED},
        "intake.set_silence": {"organisation": found["organisation"], "terms": scene.quiet_terms()},
        "intake.allow_topic": {"source": "wazuh", "arn": "arn:aws:sns:ap-northeast-1:123456789012:more"},
        "intake.take_handshake": {"kind": SnsKind.UNSUBSCRIBE, "url": "https://sns.example/"},
        "intake.settle_topic": {"url": "", "trouble": ""},
        "intake.switch_rule_off": {"code": "ransomware"},
        "incidents.edit_kind": {"code": "disaster"},
        "incidents.retire_kind": {"code": "disaster"},
        "incidents.retire_course": {"code": "security"},
        "incidents.set_course": {"code": "light"},
        "incidents.word_levels": {"words": {}},
        "incidents.restore_matrix": {"number": found["matrix"]},
        "incidents.roll_back": {"number": 1, "subject": Subject.KINDS},
        "intake.take_out_source": {"code": "own"},
        "intake.take_canary": {"organisation": world.site().pk},
        "oncall.begin_canary": {"kind": "person", "value": found["way_owner"]},
        "oncall.import_shifts": {"file": File("", ())},
        "notify.answer": {"token": found["link_token"], "choice": "here"},
        "notify.set_channel": {"kind": "chatwork", "given": {"token": "x"}},
        "notify.remove_channel": {"kind": "chatwork"},
        "notify.set_hosts": {"hosts": "ntfy.example.jp"},
        "notify.try_channel": {"way": "x"},
        "notify.set_own_rules": {"lines": ()},
        "oncall.set_duty_notice": {"hours": 3},
        "oncall.subscribe_calendar": {"address": "https://x.example/b.ics"},
        "rooms.answer": {"who": "U1"},
        "rooms.confirm_link": {"link": found["chat_link"]},
        "rooms.hear": {"who": "U1"},
        "rooms.mark": {"place": "C1", "message": "1.1", "written": Written("x", "U1")},
        "rooms.mark_later": {"place": "C1", "message": "1.1"},
        "rooms.note_change": {"place": "C1", "message": "1.1", "gone": True},
        "rooms.map_person": {"person": "mori"},
        "rooms.set_workspace": {"workspace": found["workspace"]},
        "rooms.unlink": {"link": found["chat_link"]},
        "notify.subscribe": receivers.SUBSCRIPTION,
        "notify.renew_push": {**receivers.SUBSCRIPTION, "was": "https://push.example/old#x.y"},
        "incidents.set_moment": {"kind": MomentKind.OCCURRED},
        "incidents.add_person": {"person": str(found["person"]), "role": "communications"},
        "incidents.break_glass": {"ref": found["hidden"]},
        "incidents.put_under": {"parent": found["ref"]},
        "incidents.satisfy": {"gate": found["required_gate"]},
        "incidents.knock": {"what": Knock.FOLLOW},
        "incidents.take_answer": {"person": found["way_owner"]},
        "accounts.revoke_role": {"role": "responder", "organisation": found["parent"]},
        "accounts.apply_staff_comparison": {"picks": [accounts.Pick("2", "x")]},
        "accounts.take_up_desk": {"desk": "nco"},
        "accounts.match_staff_columns": {"columns": {"username": 0, "name": 1}},
        "accounts.prepare_staff_comparison": {
            "organisation": found["organisation"],
            "file_name": "a.csv",
            "body": b"username,name\nother,Other\n",
        },
        "accounts.prepare_people_import": {
            "organisation": found["organisation"],
            "file_name": "a.csv",
            "body": b"username,name\nother,Other\n",
        },
        "incidents.add_cost": {"kind": CostKind.LOSS},
        "incidents.correct_cost": {"kind": CostKind.LOSS},
        "accounts.add_way": {"owner": found["way_owner"], "kind": "mail", "address": "m@example.jp"},
        "accounts.order_ways": {"owner": found["way_owner"]},
        "accounts.add_party": {"draft": found["outside"]},
        "accounts.edit_party": {"draft": found["outside"]},
        "accounts.set_call_sheet": {"lines": [found["call"]]},
        "accounts.create_token": {"scope": "intake", "source": "wazuh", "organisation": found["organisation"]},
    }
    wanted = [
        parameter.name
        for parameter in inspect.signature(action).parameters.values()
        if parameter.default is inspect.Parameter.empty and parameter.name != "by"
    ]
    given = {word: found[word] for word in wanted if word not in own.get(name, {})}
    return {**given, **own.get(name, {})}


def outcome(action: Verb, by: Actor, given: Things) -> str:
    """The refusal's code, or empty where the act was done; the world is as before either way."""
    before = Entry.objects.count()
    with transaction.atomic():
        try:
            action(by=by, **given)
        except Refusal as refusal:
            return refusal.code if Entry.objects.count() == before else "refused_but_recorded"
        else:
            return ""
        finally:
            transaction.set_rollback(True)


NOT_FOR_YOU = {NotAllowed.code, NotFound.code}


def test_every_action_says_who_acts() -> None:
    assert hikeshi.config.urls
    found = all_actions()
    assert len(found) > 50
    without = {name for name, action in found.items() if "by" not in inspect.signature(action).parameters}
    assert without == set(WITHOUT_ACTOR)


def test_every_action_refuses_who_holds_no_grant() -> None:
    stranger, machine = world.actor("stranger", at=world.organisation("Elsewhere")), Actor("machine:wazuh", "wazuh")
    found = things()
    keepers = (world.admin(), system("test"))
    let_in, unproven = {}, {}
    for name, action in all_actions().items():
        if name in WITHOUT_ACTOR:
            continue
        given = arguments(name, action, found)
        answer = outcome(action, machine if name in ONES_OWN else stranger, given)
        if answer not in NOT_FOR_YOU:
            let_in[name] = answer
        # The same arguments must be good: the keeper, or for the engine's verbs the desk itself, is not turned away.
        answers = [outcome(action, keeper, given) for keeper in keepers]
        if set(answers) <= NOT_FOR_YOU:
            unproven[name] = answers
    assert not let_in
    assert not unproven
