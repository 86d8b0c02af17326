"""Who may do what: every verb, with what it really needs, for somebody of every kind. A new verb needs a line here.

test_every_action.py asks whether each verb refuses who holds nothing at all; here rights held elsewhere, rights to read
only, and membership are told apart.
"""

import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module

from django.db import transaction

import hikeshi
from hikeshi.accounts import actions as accounts
from hikeshi.accounts.drafts import CallLineDraft, PartyDraft, ResponsibilityDraft
from hikeshi.accounts.facts import Method
from hikeshi.accounts.models import Attempt
from hikeshi.accounts.steps import Step
from hikeshi.assets import actions as assets  # noqa: F401  # as above
from hikeshi.assets.intelligence import values
from hikeshi.assets.intelligence.codes import Sort
from hikeshi.assets.intelligence.reading import survey, whole
from hikeshi.assets.particulars import Particulars
from hikeshi.canary import actions as canary  # noqa: F401  # as above
from hikeshi.forms import actions as site_forms  # noqa: F401  # as above
from hikeshi.incidents import reactions  # noqa: F401  # makes every verb known
from hikeshi.incidents.codes import CostKind, MomentKind, RecordClass, Tlp, Waiting
from hikeshi.incidents.criteria import CriteriaField
from hikeshi.incidents.drafts import PhaseDraft
from hikeshi.incidents.reporting import Knock, Purpose
from hikeshi.incidents.vocabularies import Subject
from hikeshi.intake.actions import cases, parking  # noqa: F401  # as above
from hikeshi.intake.faulty import Fault
from hikeshi.intake.sources.sns import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import NotAllowed, NotFound, Refusal
from hikeshi.kernel.vault import Draft
from hikeshi.kernel.worlds import World
from hikeshi.knowledge.drafts import Mark
from hikeshi.ledger.acts import ACTIONS
from hikeshi.lists.together import Deed, Wish
from hikeshi.load import actions as load
from hikeshi.mailboxes import actions as mailboxes  # noqa: F401  # as above
from hikeshi.notices.drafts import Ended, News
from hikeshi.oncall import actions as oncall  # noqa: F401  # as above
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.queries.shifts import File
from hikeshi.oncall.queries.targets import Book
from hikeshi.reports import actions as reports  # noqa: F401  # as above
from hikeshi.rooms import actions as rooms  # noqa: F401  # as above
from hikeshi.rooms.results import Written
from hikeshi.service_levels.codes import Measure
from tests import receivers, world
from tests.architecture import scene as scenes
from tests.architecture.scene import VIEWERS, Scene, uuid_of

Arguments = Callable[[Scene], dict[str, object]]


def on(**given: object) -> Arguments:
    """Arguments of a verb on our incident."""
    return lambda scene: {"ref": scene.incident.ref, **given}


def with_thing(name: str, parameter: str = "", **given: object) -> Arguments:
    return lambda scene: {"ref": scene.incident.ref, parameter or name: uuid_of(scene, name), **given}


def on_colleague(**given: object) -> Arguments:
    return lambda scene: {"person": scene.colleague.uuid, **given}


def chat(scene: Scene) -> dict[str, object]:
    return {"workspace": scene.things["workspace"]}


def in_room(scene: Scene) -> dict[str, object]:
    return {**chat(scene), "place": "C1", "message": "1700000000.000100"}


def tomorrow() -> dict[str, object]:
    now = clock.now()
    return {"begins_at": now + timedelta(hours=1), "ends_at": now + timedelta(days=1)}


def an_attempt(**given: object) -> Arguments:
    def made(scene: Scene) -> dict[str, object]:
        tried = Attempt.objects.create(step=Step.PASSWORD, account="x", address="x", network="x")
        return {"attempt": tried.uuid, **given}

    return made


def about_the_call(scene: Scene) -> dict[str, object]:
    return {"subject": scene.incident.subject}


def a_rule(scene: Scene) -> load.RuleDraft:
    return load.RuleDraft("x", team=str(scene.things["team"]))


NOTED = Wish(deed=Deed.NOTE, text="Seen.")


def in_batch(scene: Scene) -> dict[str, object]:
    return {"batch": scene.things["batch"], "ref": scene.incident.ref}


# + done, or refused for what was asked and not for who asks · - not allowed · ? not there
TABLE: dict[str, tuple[str, Arguments]] = {
    "accounts.accept_invitation": (
        "-----",
        lambda scene: {"secret": scene.things["invitation"], "password": world.PASSWORD},
    ),
    "accounts.add_calendar": (
        "----+",
        lambda scene: {"name": "x", "time_zone": "UTC", "hours": ["9-18", *[""] * 6]},
    ),
    "accounts.add_organisation": ("-?--+", lambda scene: {"name": "New", "parent": scene.ours.uuid}),
    "accounts.add_person": ("-?--+", lambda scene: {"username": "x", "name": "X", "organisation": scene.ours.uuid}),
    "accounts.add_team": ("-?--+", lambda scene: {"organisation": scene.ours.uuid, "name": "Day"}),
    "accounts.bootstrap": ("-----", lambda scene: {}),
    "accounts.change_team": ("-?--+", lambda scene: {"team": uuid_of(scene, "team"), "name": "Day", "people": ()}),
    "accounts.choose_calendar": ("-?--+", lambda scene: {"organisation": scene.ours.uuid}),
    "accounts.create_token": (
        "-?--+",
        lambda scene: {"scope": "intake", "source": "wazuh", "organisation": scene.ours.uuid},
    ),
    "accounts.deactivate_person": ("-?--+", on_colleague()),
    "accounts.let_go": ("-?--+", on_colleague(alone=True)),
    "accounts.define_role": ("----+", lambda scene: {"code": "clerk", "verbs": ["accounts.view"]}),
    "accounts.drop_attempt": ("-----", an_attempt()),
    "accounts.edit_calendar": (
        "----+",
        lambda scene: {
            "calendar": uuid_of(scene, "calendar"),
            "name": "x",
            "time_zone": "UTC",
            "hours": ["9-18", *[""] * 6],
        },
    ),
    "accounts.edit_person": ("??--+", on_colleague(name="X", email="")),
    "accounts.edit_site": ("----+", lambda scene: {"name": "X", "language": "en", "time_zone": "UTC"}),
    "accounts.carry_out_people_import": ("-?--?", lambda scene: {"people_file": scene.things["people_file"]}),
    "accounts.continue_people_imports": ("-----", lambda scene: {}),
    "accounts.take_up_desk": ("-?--+", lambda scene: {"desk": "nco", "organisation": scene.ours.uuid}),
    "accounts.apply_staff_comparison": (
        "-?--+",
        lambda scene: {"staff_file": scene.things["staff_file"], "picks": [accounts.Pick("2", "x")]},
    ),
    "accounts.close_staff_comparison": ("-?--+", lambda scene: {"staff_file": scene.things["staff_file"]}),
    "accounts.continue_staff_comparisons": ("-----", lambda scene: {}),
    "accounts.match_staff_columns": (
        "-?--+",
        lambda scene: {"staff_file": scene.things["staff_file"], "columns": {"username": 0, "name": 1}},
    ),
    "accounts.prepare_staff_comparison": (
        "-?--+",
        lambda scene: {"organisation": scene.ours.uuid, "file_name": "a.csv", "body": b"username,name\nx,X\n"},
    ),
    "accounts.prepare_people_import": (
        "-?--+",
        lambda scene: {"organisation": scene.ours.uuid, "file_name": "a.csv", "body": b"username,name\nx,X\n"},
    ),
    "accounts.move_person": (
        "-?--+",
        lambda scene: {"person": scene.colleague.uuid, "organisation": scene.ours.uuid},
    ),
    "accounts.sign_out_person": ("-?--+", on_colleague()),
    "accounts.retire_organisation": ("-?--+", lambda scene: {"organisation": uuid_of(scene, "below")}),
    "accounts.reinstate_organisation": ("-?--+", lambda scene: {"organisation": uuid_of(scene, "below")}),
    "accounts.grant_role": (
        "????+",
        lambda scene: {"person": scene.colleague.uuid, "role": "auditor", "organisation": scene.ours.uuid},
    ),
    "accounts.hold_site": ("----+", lambda scene: {}),
    "accounts.invite": ("-?--+", on_colleague()),
    "accounts.move_organisation": (
        "-?--+",
        lambda scene: {"organisation": uuid_of(scene, "below"), "parent": scene.ours.uuid},
    ),
    "accounts.note_second_factors": ("+++++", lambda scene: {"before": {}}),
    "accounts.note_sign_in": (
        "+++++",
        lambda scene: {"session": uuid7(), "methods": [Method.PASSWORD], "address": "x"},
    ),
    "accounts.note_sign_out": ("+++++", lambda scene: {"session": uuid7()}),
    "accounts.open_attempt": ("-----", lambda scene: {"step": Step.PASSWORD, "username": "x", "address": "x"}),
    "accounts.reactivate_person": ("-?--+", on_colleague()),
    "accounts.release_site": ("----+", lambda scene: {}),
    "accounts.publish_holidays": ("----+", lambda scene: {"calendar": uuid_of(scene, "calendar"), "holidays": {}}),
    "accounts.remove_calendar": ("----+", lambda scene: {"calendar": uuid_of(scene, "calendar")}),
    "accounts.remove_second_factor": ("?????", lambda scene: {"number": scene.things["factor"]}),
    "accounts.remove_second_factors": ("-?--+", on_colleague()),
    "accounts.reinstate_team": ("-?--+", lambda scene: {"team": uuid_of(scene, "team")}),
    "accounts.retire_team": ("-?--+", lambda scene: {"team": uuid_of(scene, "spare")}),
    "accounts.rename_organisation": ("-?--+", lambda scene: {"organisation": scene.ours.uuid, "name": "X"}),
    "accounts.require_second_factor": ("----+", lambda scene: {"role": "reporter", "required": True}),
    "accounts.revoke_role": (
        "????+",
        lambda scene: {"person": scene.colleague.uuid, "role": "responder", "organisation": scene.ours.uuid},
    ),
    "accounts.revoke_session": ("?????", lambda scene: {"session": uuid_of(scene, "session")}),
    "accounts.revoke_token": ("????+", lambda scene: {"token": uuid_of(scene, "token")}),
    "accounts.set_password": ("??--+", on_colleague(password="another fine password")),
    "accounts.choose_reading": ("+++++", lambda scene: {"reading": "ipa"}),
    "accounts.choose_site_reading": ("----+", lambda scene: {"reading": "ipa"}),
    "accounts.set_preferences": ("+++++", lambda scene: {"language": "en", "time_zone": "UTC", "theme": "dark"}),
    "accounts.settle_attempt": ("-----", an_attempt(passed=False)),
    "accounts.weigh_attempt": ("-----", an_attempt()),
    "accounts.ask_way": ("-----", lambda scene: {"way": uuid_of(scene, "way")}),
    "accounts.end_check": ("-----", lambda scene: {"check": uuid7(), "left": True}),
    "accounts.claim_reminder": ("-----", lambda scene: {"now": clock.now()}),
    "accounts.add_way": (
        "??--+",
        lambda scene: {"owner": f"person:{scene.colleague.uuid}", "kind": "phone", "address": "03-5978-7509"},
    ),
    "accounts.change_way": ("??--+", lambda scene: {"way": uuid_of(scene, "way"), "address": "03-5978-7509"}),
    "accounts.remove_way": ("??--+", lambda scene: {"way": uuid_of(scene, "way")}),
    "accounts.order_ways": (
        "??--+",
        lambda scene: {"owner": f"person:{scene.colleague.uuid}", "order": [uuid_of(scene, "way")]},
    ),
    "accounts.prove_way": ("??--+", lambda scene: {"way": uuid_of(scene, "way"), "how": "called"}),
    # Whoever sees a number may say that it leads nowhere.
    "accounts.doubt_way": ("??+++", lambda scene: {"way": uuid_of(scene, "way"), "why": "wrong"}),
    "accounts.set_card": ("??--+", on_colleague(duty="Network")),
    "accounts.add_party": (
        "-?--+",
        lambda scene: {"organisation": scene.ours.uuid, "draft": PartyDraft(name="Police")},
    ),
    "accounts.edit_party": (
        "??--+",
        lambda scene: {"party": uuid_of(scene, "party"), "draft": PartyDraft(name="Forensics")},
    ),
    "accounts.retire_party": ("??--+", lambda scene: {"party": uuid_of(scene, "party")}),
    "accounts.reinstate_party": ("??--+", lambda scene: {"party": uuid_of(scene, "party")}),
    "accounts.set_responsibilities": (
        "??--+",
        lambda scene: {
            "party": uuid_of(scene, "party"),
            "lines": [ResponsibilityDraft(service="Mail", task="Backup", who="them")],
        },
    ),
    "accounts.set_call_sheet": (
        "????+",
        lambda scene: {
            "organisation": scene.ours.uuid,
            "lines": [CallLineDraft(owner=f"person:{scene.colleague.uuid}")],
        },
    ),
    "accounts.set_contact_rules": (
        "----+",
        lambda scene: {"stale_days": 90, "check_days": 30, "answer_hours": 48, "country": "JP"},
    ),
    "assets.add_asset": (
        "-?--+",
        lambda scene: {"organisation": scene.ours.uuid, "particulars": Particulars(name="Mail")},
    ),
    "assets.carry_out_import": ("-?--+", lambda scene: {"imported_file": scene.things["import"]}),
    "assets.continue_imports": ("-----", lambda scene: {}),
    "assets.edit_asset": (
        "-?--+",
        lambda scene: {"asset": uuid_of(scene, "asset"), "particulars": Particulars(name="Mail")},
    ),
    "assets.begin_indicators": (
        "-?--+",
        lambda scene: {
            "organisation": scene.ours.uuid,
            "title": "Feed",
            "origin": "",
            "tlp": Tlp.AMBER,
            "read": survey(whole(b"192.0.2.1")),
        },
    ),
    "assets.finish_indicators": ("-?--+", lambda scene: {"indicators": scene.things["indicators"]}),
    "assets.forget_indicators": ("-?--+", lambda scene: {"indicators": scene.things["indicators"]}),
    "assets.load_catalogue": ("----+", lambda scene: {"which": "domains", "body": b"corp.example"}),
    "assets.remove_indicator": (
        "-?--+",
        lambda scene: {"indicators": scene.things["indicators"], "key": values.key(Sort.ADDRESS, "192.0.2.66")},
    ),
    "assets.prepare_import": (
        "-?--+",
        lambda scene: {"organisation": scene.ours.uuid, "file_name": "a.csv", "body": b"name\nMail\n"},
    ),
    "assets.retire_asset": ("-?--+", lambda scene: {"asset": uuid_of(scene, "asset")}),
    "assets.take_up_asset": ("-?--+", lambda scene: {"asset": uuid_of(scene, "asset")}),
    "incidents.acknowledge": ("??-++", on()),
    "incidents.add_cost": ("??-++", on(kind=CostKind.LOSS, amount=Decimal(1))),
    "incidents.ask_decision": ("??-++", on(question="x", options=["a", "b"])),
    "incidents.correct_cost": (
        "??-++",
        with_thing("cost", kind=CostKind.LOSS, amount=Decimal(1), actual=True, reason="x"),
    ),
    "incidents.decide": ("??--+", with_thing("decision", choice=0, reason="x")),
    "incidents.withdraw_decision": ("??-++", with_thing("decision", reason="x")),
    "incidents.add_kind": ("----+", lambda scene: {"code": "drone", "ja": "x", "en": "x", "course": "service"}),
    "incidents.add_link": ("??-++", on(url="https://example.com/")),
    "incidents.add_person": ("??-++", on(person="auditor", role="scribe")),
    "incidents.add_task": ("??-++", on(title="x")),
    "incidents.assign": ("??-++", on(owner="colleague")),
    "incidents.estimate": ("??-++", on(minutes=60)),
    "incidents.plan_task": ("??-++", with_thing("task", start_at=None, due_at=None)),
    "incidents.set_milestone": ("----+", lambda scene: {"name": "x", "day": date(2026, 12, 1)}),
    "incidents.remove_milestone": ("----+", lambda scene: {"milestone": uuid_of(scene, "milestone")}),
    "incidents.estimate_task": ("??-++", with_thing("task", minutes=60)),
    "incidents.assign_task": ("??-++", with_thing("task", owner="colleague")),
    "incidents.attach_alerts": ("??-++", lambda scene: {"ref": scene.incident.ref, "alerts": [scene.alert.uuid]}),
    "incidents.break_glass": ("-?--+", lambda scene: {"ref": scene.hidden.ref, "reason": "x"}),
    "incidents.classify": ("??-++", on(record_class=RecordClass.NEAR_MISS, reason="x")),
    "incidents.close": ("??-++", on(resolution="x", record_class=RecordClass.EVENT)),
    "incidents.confirm_gate": ("??-++", on(gate="spread_stopped")),
    "incidents.declare": ("??-++", on(reason="x")),
    "incidents.drop_knock": ("-----", lambda scene: {"knocked": scene.things["knocked"]}),
    "incidents.edit": ("??-++", on(title="x")),
    "incidents.erase_reporter": ("??--+", on(reason="x")),
    "incidents.hold_record": ("??--+", on(reason="x")),
    "incidents.release_record": ("??--+", on(reason="x")),
    "notify.answer": ("-----", lambda scene: {"token": "x", "choice": "here"}),
    "notify.set_channel": ("----+", lambda scene: {"kind": "chatwork", "given": {"token": "x"}}),
    "notify.set_hosts": ("----+", lambda scene: {"hosts": "ntfy.example.jp"}),
    "notify.prepare_push": ("+++++", lambda scene: {}),
    "notify.subscribe": (
        "+++++",
        lambda scene: receivers.SUBSCRIPTION,
    ),
    "notify.renew_push": ("-----", lambda scene: {**receivers.SUBSCRIPTION, "was": "x"}),
    "notify.set_own_rules": ("+++++", lambda scene: {"lines": ()}),
    "notify.remove_channel": ("----+", lambda scene: {"kind": "chatwork"}),
    "notify.try_channel": ("----+", lambda scene: {"way": "x"}),
    "mailboxes.set_mailbox": (
        "----+",
        lambda scene: {"name": "x", "address": "more@example.jp", "carries": "reports"},
    ),
    "mailboxes.remove_mailbox": ("----+", lambda scene: {"mailbox": scene.things["mailbox"]}),
    "mailboxes.try_mailbox": ("----+", lambda scene: {"mailbox": scene.things["mailbox"]}),
    "mailboxes.try_letter": ("----+", lambda scene: {"letter": scene.things["letter"]}),
    "rooms.answer": ("-----", lambda scene: {**chat(scene), "who": "U1", "text": "x", "key": "x"}),
    "rooms.confirm_link": ("????+", lambda scene: {"link": scene.things["chat_link"]}),
    "rooms.close_room": ("??-++", lambda scene: {**chat(scene), "ref": scene.incident.ref}),
    "rooms.follow": ("-----", lambda scene: {"subject": scene.incident.subject, "entry": 1}),
    "rooms.follow_people": ("-----", lambda scene: {"person": scene.colleague.uuid, "entry": 1}),
    "rooms.make_room": ("??-++", lambda scene: {**chat(scene), "ref": scene.incident.ref}),
    "rooms.mark": ("??-++", lambda scene: {**in_room(scene), "written": Written("x", "U1")}),
    "rooms.mark_later": ("??-++", in_room),
    "rooms.note_change": ("-----", lambda scene: {**in_room(scene), "gone": True}),
    "rooms.hear": ("-----", lambda scene: {**chat(scene), "who": "U1", "key": "x"}),
    "rooms.link_by_code": ("-----", lambda scene: {**chat(scene), "chat_id": "U2", "code": "x"}),
    "rooms.make_link_code": ("+++++", lambda scene: {}),
    "rooms.map_person": ("----+", lambda scene: {**chat(scene), "chat_id": "U2", "person": "colleague"}),
    "rooms.remove_workspace": ("----+", chat),
    "rooms.set_workspace": ("----+", lambda scene: {**chat(scene), "name": "x"}),
    "rooms.try_workspace": ("----+", chat),
    "rooms.unlink": ("????+", lambda scene: {"link": scene.things["chat_link"]}),
    "canary.advance": ("-----", lambda scene: {"canary": uuid_of(scene, "canary")}),
    "canary.arrange": ("----+", lambda scene: {}),
    "canary.ask": ("----+", lambda scene: {}),
    "canary.ask_by_plan": ("-----", lambda scene: {"now": clock.now()}),
    "canary.note_knock": ("-----", lambda scene: {"canary": uuid_of(scene, "canary")}),
    "canary.take_key": ("-----", lambda scene: {}),
    "intake.take_canary": ("-----", lambda scene: {"receipt": uuid7(), "sent": b"{}", "organisation": scene.ours.pk}),
    "oncall.begin_canary": (
        "-----",
        lambda scene: {"subject": "x:y", "ref": "x", "kind": "rota", "value": "x", "patience": timedelta(minutes=1)},
    ),
    "retention.set_period": ("----+", lambda scene: {"category": "bodies", "days": None}),
    "incidents.edit_kind": (
        "----+",
        lambda scene: {"code": "disaster", "ja": "x", "en": "x", "course": "service"},
    ),
    "incidents.finish_phase": ("??-++", on(phase="detect")),
    "incidents.finish_task": ("??-++", with_thing("task")),
    "incidents.keep_file": ("??-++", on(draft=Draft(uuid7(), 0, "0" * 64, ""), name="x")),
    "incidents.knock": ("-----", lambda scene: {"what": Knock.FOLLOW, "place": "x"}),
    "incidents.log_call": (
        "-?-++",
        lambda scene: {
            "words": "x",
            "nonce": "a-form-0123456789",
            "called_at": clock.now(),
            "kind": "malware",
            "organisation": scene.ours.uuid,
        },
    ),
    "incidents.mark_read": ("??-++", on()),
    "incidents.link_asset": ("??-++", with_thing("asset")),
    "knowledge.write_answer": ("----+", lambda scene: {"draft": scenes.ANSWERED}),
    "knowledge.publish_answer": ("----+", lambda scene: {"answer": scene.things["answer"], "number": 1}),
    "knowledge.withdraw_answer": ("----+", lambda scene: {"answer": scene.things["answer"]}),
    "knowledge.mark_answer": (
        "-----",
        lambda scene: {"answer": scene.things["answer"], "mark": Mark.HELPED, "place": "x", "reader": None},
    ),
    "notices.publish_outage": ("??--+", on(draft=scenes.TOLD)),
    "notices.update_outage": ("??--+", on(draft=scenes.TOLD)),
    "notices.end_outage": ("??--+", on(news=News("x", "x"))),
    "notices.end_with_record": (
        "-----",
        lambda scene: {"incident": scene.incident.uuid, "because": Ended.CLOSED, "at": clock.now()},
    ),
    "notices.forget_outages": ("-----", lambda scene: {"incident": scene.incident.uuid}),
    "notices.share_outage": (
        "-----",
        lambda scene: {"outage": scene.things["outage"], "place": "x", "reader": None},
    ),
    "forms.offer_form": ("----+", lambda scene: {"form": scene.things["form"], "number": 1}),
    "forms.send_form": (
        "+++++",
        lambda scene: {
            "form": scene.things["form"],
            "number": 1,
            "given": {},
            "what": "x",
            "nonce": "a-form-0123456789",
        },
    ),
    "forms.withdraw_form": ("----+", lambda scene: {"form": scene.things["form"]}),
    "forms.write_form": ("----+", lambda scene: {"definition": scenes.ASKED}),
    "finding.restore_synonyms": ("----+", lambda scene: {"number": 0}),
    "finding.set_synonyms": ("----+", lambda scene: {"groups": "leak, breach"}),
    "figures.keep_board": ("-++++", lambda scene: {"name": "x", "tiles": ["open-age"]}),
    "figures.remove_board": ("----+", lambda scene: {"board": scene.things["board"]}),
    "lists.begin_batch": ("-+-++", lambda scene: {"wish": NOTED, "count": 1}),
    "lists.change_one": ("-?-?+", lambda scene: {**in_batch(scene), "wish": NOTED}),
    "lists.end_batch": ("-?-?+", lambda scene: {"batch": scene.things["batch"]}),
    "lists.give_back": ("-?-??", in_batch),
    "lists.note_kept": ("-?-?+", lambda scene: {**in_batch(scene), "why": "invalid"}),
    "lists.note_refused": ("-?-?+", lambda scene: {**in_batch(scene), "why": "invalid"}),
    "lists.arrange": ("+++++", lambda scene: {"order": "due"}),
    "lists.limit_columns": ("----+", lambda scene: {"limits": {"detect": 3}}),
    "lists.mark_seen": ("+++++", lambda scene: {}),
    "lists.remove_filter": ("----+", lambda scene: {"saved": scene.things["saved"]}),
    "lists.restore_filter": ("----+", lambda scene: {"saved": scene.things["saved"], "number": 1}),
    "lists.save_filter": ("+++++", lambda scene: {"name": "x"}),
    "load.add_rule": ("----+", lambda scene: {"draft": a_rule(scene)}),
    "load.assign_again": ("-----", lambda scene: {"at": clock.now()}),
    "load.assign_automatically": ("-----", lambda scene: {"incident": scene.incident.uuid}),
    "load.change_rule": ("----+", lambda scene: {"code": scene.things["load_rule"], "draft": a_rule(scene)}),
    "load.hand_over": ("??-++", lambda scene: {"refs": [scene.incident.ref], "owner": "colleague"}),
    "load.order_rules": ("----+", lambda scene: {"codes": [scene.things["load_rule"]]}),
    "load.remind_of_load": ("-----", lambda scene: {"at": clock.now()}),
    "load.remove_rule": ("----+", lambda scene: {"code": scene.things["load_rule"]}),
    "load.set_limits": ("----+", lambda scene: {"percent": 100}),
    "load.set_profile": ("-?--+", on_colleague(weekly=60)),
    "load.set_skills": ("----+", lambda scene: {"skills": ["mail"]}),
    "load.suggest_owners": ("-----", lambda scene: {"at": clock.now()}),
    "load.switch_automatic": ("----+", lambda scene: {"on": True}),
    "load.switch_rule": ("----+", lambda scene: {"code": scene.things["load_rule"], "on": False}),
    "service_levels.act_on_passing": (
        "-----",
        lambda scene: {
            "incident": scene.incident.uuid,
            "measure": Measure.OWN,
            "round_": 1,
            "percent": 50,
            "acts": (),
        },
    ),
    "service_levels.add_target": ("----+", lambda scene: {"draft": scenes.DRAFT}),
    "service_levels.change_target": ("----+", lambda scene: {"code": "own", "draft": scenes.DRAFT}),
    "service_levels.forget_clocks": ("-----", lambda scene: {"incident": scene.incident.uuid}),
    "service_levels.order_targets": ("----+", lambda scene: {"codes": ()}),
    "service_levels.reckon_clocks": ("-----", lambda scene: {"incident": scene.incident.uuid}),
    "service_levels.remove_target": ("----+", lambda scene: {"code": "own"}),
    "service_levels.renew_clocks": ("----+", lambda scene: {}),
    "service_levels.set_stuck_limits": (
        "----+",
        lambda scene: {"no_move": (1,) * 5, "no_owner": (1,) * 5, "waiting": (1,) * 5},
    ),
    "service_levels.switch_target": ("----+", lambda scene: {"code": "own", "on": True}),
    "incidents.wait": ("??-++", on(waiting=Waiting.SUPPLIER, reason="x")),
    "incidents.resume": ("??-++", on()),
    "incidents.look": ("??+++", on()),
    "incidents.answer_all": ("??-++", on(text="x", nonce="n")),
    "incidents.close_all": ("??-++", on(resolution="x", record_class=RecordClass.EVENT)),
    "incidents.put_under": ("??-++", lambda scene: {"parent": scene.incident.ref, "reports": [scene.incident.ref]}),
    "incidents.split": ("??-++", on(title="x", notes=[uuid7()])),
    "incidents.take_from_under": ("??-++", on()),
    "incidents.move": ("??-++", on(phase="analyse")),
    "incidents.merge": ("??-++", lambda scene: {"ref": scene.incident.ref, "into": scene.incident.ref}),
    "incidents.note": ("??-++", on(text="x")),
    "incidents.open_from_alerts": (
        "-?-++",
        lambda scene: {"alerts": [scene.alert.uuid], "kind": "malware", "impact": 2},
    ),
    "incidents.open_incident": (
        "-?-++",
        lambda scene: {"title": "x", "kind": "malware", "impact": 2, "organisation": scene.ours.uuid},
    ),
    "incidents.remove_file": ("??-++", with_thing("attachment", reason="x")),
    "incidents.rate": ("?????", lambda scene: {"report": uuid_of(scene, "report"), "score": 5}),
    "incidents.order_kinds": ("----+", lambda scene: {"codes": ["other"]}),
    "incidents.rejudge": ("----+", lambda scene: {"reason": "x"}),
    "incidents.remove_link": ("??-++", with_thing("link")),
    "incidents.remove_person": ("??-++", with_thing("participant")),
    "incidents.renew_follow_code": ("??-++", on(nonce="a-form-0123456789")),
    "incidents.reopen": ("??-++", on(reason="x")),
    "incidents.reopen_task": ("??-++", with_thing("task")),
    "incidents.reply": ("??-++", on(text="x")),
    "incidents.report": (
        "+++++",
        lambda scene: {"purpose": Purpose.ODD, "what": "x", "nonce": "a-form-0123456789"},
    ),
    "incidents.require": (
        "-----",
        lambda scene: {"subject": f"incident:{scene.incident.uuid}", "gate": "spread_stopped", "asked_by": "x"},
    ),
    "incidents.restrict": ("??--+", on(reason="x")),
    "incidents.restore_matrix": ("----?", lambda scene: {"number": 9}),
    "incidents.retire_course": ("----+", lambda scene: {"code": "light"}),
    "incidents.retire_kind": ("----+", lambda scene: {"code": "disaster"}),
    "incidents.roll_back": ("----?", lambda scene: {"subject": Subject.KINDS, "number": 9}),
    "incidents.satisfy": (
        "-----",
        lambda scene: {"subject": f"incident:{scene.incident.uuid}", "gate": "spread_stopped", "asked_by": "x"},
    ),
    "incidents.set_course": (
        "----+",
        lambda scene: {"code": "light", "ja": "x", "en": "x", "phases": [PhaseDraft("open")]},
    ),
    "incidents.set_fact": ("??-++", on(key="who", value="x")),
    "incidents.set_kind": ("??-++", on(kind="malware")),
    "incidents.set_matrix": ("----+", lambda scene: {"preset": "glpi"}),
    "incidents.set_moment": (
        "??-++",
        lambda scene: {"ref": scene.incident.ref, "kind": MomentKind.OCCURRED, "at": clock.now()},
    ),
    "incidents.set_phase_owner": ("??-++", on(phase="contain", owner="colleague")),
    "incidents.set_priority": ("??-++", on(impact=2)),
    "incidents.set_reporting": (
        "----+",
        lambda scene: {"open_to_all": True, "organisation": scene.ours.uuid, "answer_days": 7},
    ),
    "incidents.set_tlp": ("??-++", on(tlp=Tlp.RED)),
    "incidents.skip_phase": ("??-++", on(phase="learn", reason="x")),
    "incidents.turn_into_incident": ("??-++", on(kind="malware", reason="x")),
    "incidents.unlink_asset": ("??-++", with_thing("linked", "asset", reason="x")),
    "incidents.tell_exported": ("??+++", on(sha256="0" * 64, size=1)),
    "incidents.review_criteria": (
        "----+",
        lambda scene: {"criteria_of": CriteriaField.IMPACT, "review": date(2040, 1, 1)},
    ),
    "incidents.write_criteria": (
        "----+",
        lambda scene: {"criteria_of": CriteriaField.IMPACT, "texts": {"1": {"ja": "x", "en": "x"}}},
    ),
    "incidents.unmerge": ("??-++", on()),
    "incidents.unrestrict": ("??--+", on(reason="x")),
    "incidents.weigh_asset": ("-----", lambda scene: {"asset": uuid_of(scene, "asset")}),
    "incidents.weigh_knock": ("-----", lambda scene: {"knocked": scene.things["knocked"]}),
    "incidents.withdraw_question": (
        "??-++",
        lambda scene: {"ref": scene.incident.ref, "message": uuid_of(scene, "question")},
    ),
    "incidents.write_to_desk": ("?????", lambda scene: {"report": uuid_of(scene, "report"), "text": "x"}),
    "incidents.word_levels": ("----+", lambda scene: {"words": {}}),
    "oncall.accept_swap": ("-??+-", lambda scene: {"swap": uuid_of(scene, "swap")}),
    "oncall.add_absence": ("-?--+", lambda scene: {"person": scene.colleague.uuid, **tomorrow()}),
    "oncall.add_cover": (
        "-?--+",
        lambda scene: {"rota": uuid_of(scene, "rota"), "person": scene.colleague.uuid, **tomorrow()},
    ),
    "oncall.add_rota": (
        "-?--+",
        lambda scene: {"organisation": scene.ours.uuid, "name": "Day", "time_zone": "UTC"},
    ),
    "oncall.ask_swap": ("-?+++", lambda scene: {"rota": uuid_of(scene, "rota"), **tomorrow()}),
    "oncall.decline_swap": ("-??+-", lambda scene: {"swap": uuid_of(scene, "swap")}),
    "oncall.edit_rota": (
        "-?--+",
        lambda scene: {"rota": uuid_of(scene, "rota"), "name": "Day", "time_zone": "UTC", "layers": ()},
    ),
    "oncall.import_shifts": ("-?--+", lambda scene: {"rota": uuid_of(scene, "rota"), "file": File("", ())}),
    "oncall.open_feed": ("-?+++", lambda scene: {"rota": uuid_of(scene, "rota")}),
    "oncall.expire_swaps": ("-----", lambda scene: {"at": clock.now()}),
    "oncall.remind_of_gaps": ("-----", lambda scene: {"at": clock.now()}),
    "oncall.tell_of_duty": ("-----", lambda scene: {"at": clock.now()}),
    "oncall.retire_rota": ("-?--+", lambda scene: {"rota": uuid_of(scene, "rota")}),
    "oncall.set_duty_notice": ("+++++", lambda scene: {"hours": 3}),
    "oncall.subscribe_calendar": (
        "-?--+",
        lambda scene: {"rota": uuid_of(scene, "rota"), "address": "https://x.example/a.ics"},
    ),
    "oncall.read_calendar": ("-???+", lambda scene: {"subscription": uuid_of(scene, "subscription")}),
    "oncall.end_subscription": ("-???+", lambda scene: {"subscription": uuid_of(scene, "subscription")}),
    "oncall.revoke_feed": ("-????", lambda scene: {"feed": uuid_of(scene, "feed")}),
    "oncall.take_back_absence": ("-???+", lambda scene: {"absence": uuid_of(scene, "absence")}),
    "oncall.take_back_cover": ("-?--+", lambda scene: {"cover": uuid_of(scene, "cover")}),
    "oncall.take_up_rota": ("-?--+", lambda scene: {"rota": uuid_of(scene, "rota")}),
    "oncall.withdraw_swap": ("-??-+", lambda scene: {"swap": uuid_of(scene, "swap")}),
    "intake.correct_verdict": ("-?-++", lambda scene: {"alert": scene.alert.uuid, "verdict": "drop", "reason": "x"}),
    "intake.dismiss_parked": ("-?--+", lambda scene: {"parked": uuid_of(scene, "parked")}),
    "intake.link_case": (
        "-----",
        lambda scene: {
            "alerts": [scene.alert.uuid],
            "case": "incident:x",
            "case_ref": "x",
            "open": True,
            "restricted": False,
        },
    ),
    "intake.put_in_force": ("----+", lambda scene: {"code": "ransomware", "version": 0}),
    "intake.replay": ("-?--+", lambda scene: {"parked": uuid_of(scene, "parked")}),
    "intake.review_rule": ("----+", lambda scene: {"code": "ransomware", "review": date(2040, 1, 1)}),
    "intake.save_rule": ("----+", lambda scene: {"code": "mine", "terms": scenes.TERMS}),
    "intake.save_source": ("----+", lambda scene: {"code": "mine", "terms": scenes.MAPPED}),
    "intake.fail_rule": ("-----", lambda scene: {"code": "ransomware", "fault": Fault.SLOW}),
    "intake.note_heard": ("-----", lambda scene: {}),
    "intake.remind_of_silence": ("-----", lambda scene: {"at": clock.now()}),
    "intake.learn_rhythms": ("-----", lambda scene: {"at": clock.now()}),
    "intake.list_benign": ("-?--+", lambda scene: {"organisation": scene.ours.uuid, "terms": scenes.harmless()}),
    "intake.review_benign": (
        "-?--+",
        lambda scene: {"entry": uuid_of(scene, "benign"), "until": scenes.harmless().until},
    ),
    "intake.end_benign": ("-?--+", lambda scene: {"entry": uuid_of(scene, "benign")}),
    "intake.set_flapping": ("----+", lambda scene: {"changes": 6, "minutes": 60}),
    "intake.set_noise_report": ("----+", lambda scene: {"on": False}),
    "intake.report_noise": ("-----", lambda scene: {"at": clock.now()}),
    "intake.settle_flapping": ("-----", lambda scene: {"at": clock.now()}),
    "intake.set_inhibition": ("-?--+", lambda scene: {"organisation": scene.ours.uuid, "terms": scenes.EXPLAINED}),
    "intake.change_inhibition": (
        "-?--+",
        lambda scene: {"inhibition": uuid_of(scene, "inhibition"), "terms": scenes.EXPLAINED},
    ),
    "intake.end_inhibition": ("-?--+", lambda scene: {"inhibition": uuid_of(scene, "inhibition")}),
    "intake.speak_after_inhibition": ("-----", lambda scene: {"at": clock.now()}),
    "intake.set_silence": ("-?-++", lambda scene: {"organisation": scene.ours.uuid, "terms": scenes.quiet_terms()}),
    "intake.end_silence": ("-?-++", lambda scene: {"silence": uuid_of(scene, "silence")}),
    "intake.speak_after_silence": ("-----", lambda scene: {"at": clock.now()}),
    "intake.watch_source": ("----+", lambda scene: {"code": "wazuh", "quiet_days": 3}),
    "intake.allow_topic": (
        "-?--+",
        lambda scene: {
            "source": "wazuh",
            "arn": "arn:aws:sns:ap-northeast-1:123456789012:more",
            "organisation": scene.ours.uuid,
        },
    ),
    "intake.remove_topic": ("-?--+", lambda scene: {"topic": uuid_of(scene, "topic")}),
    "intake.ask_again": ("-?--+", lambda scene: {"topic": uuid_of(scene, "topic")}),
    "intake.take_handshake": (
        "-----",
        lambda scene: {"topic": uuid_of(scene, "topic"), "kind": Kind.SUBSCRIBE, "url": "https://sns.example/"},
    ),
    "intake.claim_topic": ("-----", lambda scene: {"at": clock.now()}),
    "intake.settle_topic": ("-----", lambda scene: {"topic": uuid_of(scene, "topic"), "url": "x", "trouble": ""}),
    "intake.switch_rule_off": ("----+", lambda scene: {"code": "ransomware"}),
    "intake.take_out_source": ("----+", lambda scene: {"code": "own"}),
    "incidents.answer_call": ("??-++", on()),
    "incidents.ask_for_help": ("??-++", on()),
    "incidents.call_again": ("??-++", on()),
    "incidents.hand_over_call": ("??-++", on()),
    "incidents.call_for_help": ("-----", lambda scene: {"incident": scene.incident.uuid}),
    "incidents.stop_call": ("-----", lambda scene: {"incident": scene.incident.uuid}),
    "incidents.take_answer": ("-----", lambda scene: {"incident": scene.incident.uuid, "person": "person:x"}),
    "incidents.take_executives": ("-----", lambda scene: {"incident": scene.incident.uuid, "people": ()}),
    "incidents.take_severity": ("-----", lambda scene: {"incident": scene.incident.uuid, "priority": 1}),
    "oncall.acknowledge": ("---++", about_the_call),
    "oncall.ask_help": ("---++", about_the_call),
    "oncall.call_again": ("---++", about_the_call),
    "oncall.hand_over": ("---++", about_the_call),
    "oncall.begin": (
        "-----",
        lambda scene: {**about_the_call(scene), "world": World.REAL, "circumstances": scenes.CASE},
    ),
    "oncall.stop": ("-----", about_the_call),
    "oncall.take_first": ("-----", lambda scene: {"subject": "incident:0"}),
    "oncall.take_due": ("-----", lambda scene: {"dues": (), "book": Book(clock.now())}),
    "oncall.end_with_calendar": ("-----", lambda scene: {"calendar": uuid7()}),
    "oncall.take_failure": ("-----", lambda scene: {"message": uuid7()}),
    "oncall.add_policy": ("----+", lambda scene: {"written": scenes.POLICY}),
    "oncall.edit_policy": ("----+", lambda scene: {"policy": uuid_of(scene, "policy"), "written": scenes.POLICY}),
    "oncall.retire_policy": ("----+", lambda scene: {"policy": uuid_of(scene, "policy")}),
    "oncall.order_policies": ("----+", lambda scene: {"policies": [uuid_of(scene, "policy")]}),
    "oncall.name_executives": ("----+", lambda scene: {"who": Target(TargetKind.ROLE, "manager")}),
    "reports.note_report": ("??-++", lambda scene: {"ref": scene.incident.ref, "made": scenes.issued(scene.incident)}),
}
BY_THE_DESK_ALONE = {
    "incidents.take_judgement": "what the reaction to AlertJudged does; it is handed the desk's own fact",
    "intake.write": "the digest's single writer; it takes no actor because it always is the desk",
}


@cache
def verbs() -> dict[str, Callable[..., object]]:
    """Every one there is, whatever of them was loaded before."""
    for found in pkgutil.walk_packages(hikeshi.__path__, "hikeshi."):
        if ".actions" in found.name:
            import_module(found.name)
    return {
        f"{act.__module__.split('.')[1]}.{act.__name__}": act
        for act in ACTIONS
        if act.__module__.startswith("hikeshi.")
    }


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def come_to(verb: str, scene: Scene, viewer: str) -> str:
    with undone():
        arguments = TABLE[verb][1](scene)
        try:
            verbs()[verb](by=scene.actor(viewer), **arguments)
        except NotAllowed:
            return "-"
        except NotFound:
            return "?"
        except Refusal:
            return "+"
        return "+"


def test_every_verb_has_its_line() -> None:
    assert verbs().keys() == TABLE.keys() | BY_THE_DESK_ALONE.keys()


def test_whoever_asks_comes_to_what_the_table_says() -> None:
    scene = scenes.built()
    found = {verb: "".join(come_to(verb, scene, viewer) for viewer in VIEWERS) for verb in TABLE}
    assert found == {verb: expected for verb, (expected, _) in TABLE.items()}


OTHERWISE = {
    "incidents.break_glass": "-?--+",
    **dict.fromkeys(("lists.change_one", "lists.give_back", "lists.note_kept", "lists.note_refused"), "-?-??"),
}
"""What somebody changes in one go asks first whether they may change anything at all."""


def test_a_restricted_incident_is_not_there_for_anybody_outside_whatever_they_hold() -> None:
    """Neither administrator nor auditor sees it without membership (DESIGN §6.13)."""
    scene = scenes.built()
    hidden = replace(scene, incident=scene.hidden)
    on_an_incident = [verb for verb, (_, given) in TABLE.items() if given(hidden).get("ref") == hidden.incident.ref]
    assert len(on_an_incident) > 25
    for verb in on_an_incident:
        found = "".join(come_to(verb, hidden, viewer) for viewer in VIEWERS)
        assert found == OTHERWISE.get(verb, "?????"), verb
