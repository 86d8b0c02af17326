"""Every address and what each viewer comes to; test_every_url.py says how to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.architecture.scene import Scene

Made = Callable[[Scene], dict[str, object]]


def _alert(scene: Scene) -> str:
    return f"?alert={scene.alert.uuid}"


UUIDS = {
    "alerts": "alert",
    "people": "colleague",
    "people_imports": "people_file",
    "organisations": "below",
    "teams": "team",
    "tokens": "token",
    "calendars": "calendar",
    "parked": "parked",
    "assets": "asset",
    "asset_imports": "import",
}
"""What ``{uuid}`` stands for, by the first word of the address."""


@dataclass(frozen=True)
class Row:
    expected: str
    sent: Made | dict[str, object] | bytes | None = None
    named: Mapping[str, str | Callable[[Scene], str]] = field(default_factory=dict)
    query: Callable[[Scene], str] = lambda scene: ""

    def body(self, scene: Scene) -> dict[str, object] | bytes | None:
        return self.sent(scene) if callable(self.sent) else self.sent

    def path(self, route: str, scene: Scene) -> str:
        known = {**names(route, scene), **self.named}
        for name, given in known.items():
            value = given(scene) if callable(given) else given
            for written in (
                f"{{{name}}}",
                f"<{name}>",
                f"<uuid:{name}>",
                f"<str:{name}>",
                f"<slug:{name}>",
                f"<int:{name}>",
            ):
                route = route.replace(written, value)
        assert not set("{}<>") & set(route), route
        return route + self.query(scene)


def names(route: str, scene: Scene) -> Mapping[str, str]:
    things = {
        **{name: str(thing) for name, thing in scene.things.items()},
        "alert": str(scene.alert.uuid),
        "colleague": str(scene.colleague.uuid),
    }
    first = "parked" if "parked" in route else route.split("/", maxsplit=1)[0]
    return {
        **things,
        "uuid": things[UUIDS.get(first, "alert")],
        "ref": scene.incident.ref,
        "file": things["attachment"],
        "person": str(scene.colleague.uuid),
        "organisation": str(scene.ours.uuid) if "{role}" in route or "<slug:role>" in route else things["below"],
        "phase": "contain",
        "gate": "spread_stopped",
        "key": "who",
        "kind": "occurred",
        "role": "responder",
        "code": "reporter",
        "secret": things["invitation"],
        "message": things["question"],
        "people_file": things["people_file"],
    }


def place(scene: Scene) -> str:
    return str(scene.ours.uuid)


HOURS: dict[str, object] = {"time_zone": "Asia/Tokyo", "hours": ["9-18", "", "", "", "", "", ""]}
HOURS_TYPED: dict[str, object] = {"time_zone": "Asia/Tokyo", "monday": "9-18"}

CELLS: dict[str, object] = {f"cell_{i}_{e}_{u}": max(i, e, u) for i in (1, 2, 3) for e in (1, 2, 3) for u in (1, 2, 3)}
DRAWN: dict[str, object] = {
    "ja": "x",
    "en": "x",
    "phases-TOTAL_FORMS": 1,
    "phases-INITIAL_FORMS": 0,
    "phases-0-code": "open",
    "gates-TOTAL_FORMS": 0,
    "gates-INITIAL_FORMS": 0,
}

POLICY_DRAWN: dict[str, object] = {
    "name": "Day",
    "repeats": 0,
    "patience": 10,
    "steps-TOTAL_FORMS": 1,
    "steps-INITIAL_FORMS": 0,
    "steps-0-after": 0,
    "steps-0-target": "executives|",
}
POLICY: dict[str, object] = {"name": "Day", "steps": [{"kind": "executives"}]}
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
AFTER = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
SPELL: dict[str, object] = {"begins_at": TOMORROW, "ends_at": AFTER}
ROTA: dict[str, object] = {
    "do": "save",
    "time_zone": "Asia/Tokyo",
    "layers-TOTAL_FORMS": 0,
    "layers-INITIAL_FORMS": 0,
}

OUTSIDE = {
    "oncall/calendar/<str:secret>.ics": "whoever holds the address: tests/web/test_oncall.py",
    "api/v1/openapi.json": "the description is for everybody",
    "api/v1/docs": "as the description",
    "api/v1/": "says that there is nothing here",
    "sign-in/": "everybody may try: tests/web/test_signin.py",
    "sign-in/again/password": "proves who has signed in already: tests/web/test_signin.py",
    "sign-in/again/code": "as above",
    "sign-in/again/passkey": "as above",
    "sign-in/second-step": "belongs to a sign-in under way: tests/web/test_signin.py",
    "report/follow/": "whoever holds a code: tests/portal",
    "report/<uuid:report>/": "its reporter, by code or account: tests/portal",
    "report/<uuid:report>/write": "as above",
    "report/<uuid:report>/rate": "as above",
    "report/<uuid:report>/leave": "forgets what this browser held",
    "a/<str:token>": "whoever holds the link: tests/portal/test_answering.py",
    "sign-out": "one's own: tests/web/test_signin.py",
    "sign-in/passkey": "everybody may try: tests/browser/test_entering.py",
    "sign-in/invitation/<str:secret>": "whoever holds the link: tests/web/test_signin.py",
}

TERMS: dict[str, object] = {
    "sigma": "detection:\n  a:\n    device.hostname: pc1\n  condition: a\n",
    **dict.fromkeys(("title_en", "title_ja", "reason_en", "reason_ja"), "x"),
}
OWN = {"code": "own"}
TARGET = {"measure": "own", "ja": "x", "en": "x", "hours": "", "always_to": 0, "minutes_1": "15"}
IMPACT = {"name": "impact"}
RANSOMWARE = {"code": "ransomware"}
WAZUH = {"code": "wazuh"}
OUTSIDER = {"name": "Lawyers", "kind": "law_firm", "language": "ja"}
SOURCE = {"do": "save", "title_en": "x", "title_ja": "x", "line-0-name": "finding_info.title", "line-0-path": "a"}
RULE = {
    "do": "save",
    "mode": "text",
    "code": "mine",
    "sigma": "detection:\n  a:\n    device.hostname: pc1\n  condition: a\n",
    "title_en": "x",
    "title_ja": "x",
    "reason_en": "x",
    "reason_ja": "x",
    "verdict": "keep",
    "rank": 150,
    "impact": 3,
    "effect": 3,
    "urgency": 3,
    "review": "2040-01-01",
}

API: dict[str, Row] = {
    "GET alerts": Row("s-++++"),
    "GET alerts/{uuid}": Row("s-?+++"),
    "GET alerts/{uuid}/raw": Row("s-?+++"),
    "POST alerts/{uuid}/verdict": Row("s-?-++", {"verdict": "drop", "reason": "x"}),
    "GET calendars": Row("s-++++"),
    "POST calendars": Row("s----+", lambda scene: {**HOURS, "name": "x"}),
    "DELETE calendars/{uuid}": Row("s----x"),
    "GET calendars/{uuid}": Row("s-++++"),
    "PUT calendars/{uuid}": Row("s----+", lambda scene: {**HOURS, "name": "x"}),
    "GET criteria": Row("s-++++"),
    "GET criteria/{field}": Row("s-++++", named={"field": "impact"}),
    "PUT criteria/{field}": Row("s----+", {"texts": {"1": {"ja": "x", "en": "x"}}}, {"field": "impact"}),
    "POST criteria/{field}/review": Row("s----+", {"review": "2040-01-01"}, {"field": "impact"}),
    "GET rules": Row("s-++++"),
    "GET rules/{code}": Row("s-++++", named=RANSOMWARE),
    "PUT rules/{code}": Row("s----+", TERMS, RANSOMWARE),
    "POST rules/{code}/try": Row("s----+", TERMS, RANSOMWARE),
    "POST rules/{code}/switch": Row("s----+", {"on": False}, RANSOMWARE),
    "POST rules/{code}/review": Row("s----+", {"review": "2040-01-01"}, RANSOMWARE),
    "GET courses": Row("s+++++"),
    "POST asset_imports": Row(
        "s-?--+",
        lambda scene: {"organisation": place(scene), "file_name": "a.csv", "content": "bmFtZQpXaWtpCg=="},
    ),
    "GET asset_imports/{uuid}": Row("s-?--+"),
    "POST asset_imports/{uuid}/carry_out": Row("s-?--+"),
    "GET assets": Row("s-++++"),
    "POST assets": Row("s-?--+", lambda scene: {"organisation": place(scene), "name": "Wiki"}),
    "GET assets/{uuid}": Row("s??+++"),
    "PATCH assets/{uuid}": Row("s-?--+", {"note": "x"}),
    "POST assets/{uuid}/retire": Row("s-?--+"),
    "POST assets/{uuid}/take_up": Row("s-?--+"),
    "GET incidents/{ref}/assets": Row("s??+++"),
    "POST incidents/{ref}/assets": Row("s??-++", lambda scene: {"asset": str(scene.things["linked"])}),
    "POST incidents/{ref}/assets/{asset}/unlink": Row(
        "s??-++", {"reason": "x"}, {"asset": lambda scene: str(scene.things["linked"])}
    ),
    "GET escalation/policies": Row("s-++++"),
    "POST escalation/policies": Row("s----+", POLICY),
    "PUT escalation/policies/{policy}": Row("s----+", POLICY),
    "POST escalation/policies/{policy}/retire": Row("s----+"),
    "POST escalation/policies/{policy}/restore": Row("s----+"),
    "PUT escalation/order": Row("s----+", {"policies": []}),
    "GET escalation/executives": Row("s-++++"),
    "PUT escalation/executives": Row("s----+", {"kind": "role", "value": "manager"}),
    "GET escalation/try": Row(
        "s--+++", query=lambda scene: f"?priority=1&kind=ransomware&organisation={scene.ours.uuid}"
    ),
    "GET incidents/{ref}/call": Row("s??+++"),
    "POST incidents/{ref}/call/answer": Row("s??-++"),
    "POST incidents/{ref}/call/hand-over": Row("s??-++", {}),
    "POST incidents/{ref}/call/help": Row("s??-++", {}),
    "POST incidents/{ref}/call/again": Row("s??-++"),
    "GET retention": Row("s----+"),
    "PUT retention/{code}": Row("s----+", {"days": None}, {"code": "bodies"}),
    "PUT courses/{code}": Row("s----+", {"ja": "x", "en": "x", "phases": [{"code": "open"}]}, {"code": "light"}),
    "POST courses/{code}/retire": Row("s----x", named={"code": "light"}),
    "POST courses/{code}/restore": Row("s----+", named={"code": "light"}),
    "GET incidents": Row("s+++++"),
    "POST incidents": Row(
        "s-?-++",
        lambda scene: {"title": "x", "kind": "malware", "impact": 2, "urgency": 2, "organisation": place(scene)},
    ),
    "GET incidents/{ref}": Row("s??+++"),
    "PATCH incidents/{ref}": Row("s??-++", {"title": "x"}),
    "POST incidents/{ref}/acknowledge": Row("s??-++"),
    "POST incidents/{ref}/alerts": Row("s??-++", lambda scene: {"alerts": [str(scene.alert.uuid)]}),
    "POST incidents/{ref}/assign": Row("s??-++", {"owner": "colleague"}),
    "GET incidents/{ref}/assignable": Row("s??+++"),
    "POST incidents/{ref}/break_glass": Row("s-?--+", {"reason": "x"}, {"ref": lambda scene: scene.hidden.ref}),
    "POST incidents/{ref}/classify": Row("s??-++", {"class": "near_miss", "reason": "x"}),
    "POST incidents/{ref}/close": Row("s??-++", {"resolution": "x", "class": "event"}),
    "GET incidents/{ref}/colleagues": Row("s??+++"),
    "GET incidents/{ref}/hold": Row("s??+++"),
    "PUT incidents/{ref}/hold": Row("s??--+", {"reason": "x"}),
    "POST incidents/{ref}/hold/lift": Row("s??--x", {"reason": "x"}),
    "GET incidents/{ref}/facts": Row("s??+++"),
    "PUT incidents/{ref}/facts/{key}": Row("s??-++", {"value": "x"}),
    "POST incidents/{ref}/gates/{gate}/confirm": Row("s??-++", {"note": "x"}),
    "GET incidents/{ref}/export.zip": Row("s??+++"),
    "GET incidents/{ref}/files": Row("s??+++"),
    "POST incidents/{ref}/files": Row("s??-++", b"MZ", query=lambda scene: "?name=x"),
    "GET incidents/{ref}/files/{file}": Row("s??+++"),
    "GET incidents/{ref}/files/{file}/sample.zip": Row("s??+++"),
    "POST incidents/{ref}/files/{file}/remove": Row("s??-++", {"reason": "x"}),
    "GET incidents/{ref}/links": Row("s??+++"),
    "POST incidents/{ref}/links": Row("s??-++", {"url": "https://example.com/"}),
    "DELETE incidents/{ref}/links/{link}": Row("s??-++"),
    "GET incidents/{ref}/moments": Row("s??+++"),
    "PUT incidents/{ref}/moments/{kind}": Row("s??-++", {"at": "2026-11-20T10:00:00+09:00"}),
    "GET incidents/{ref}/messages": Row("s??+++"),
    "POST incidents/{ref}/messages": Row("s??-++", {"text": "x"}),
    "POST incidents/{ref}/messages/read": Row("s??-++"),
    "POST incidents/{ref}/messages/{message}/withdraw": Row("s??-++"),
    "POST incidents/{ref}/move": Row("s??-++", {"phase": "analyse"}),
    "POST incidents/{ref}/wait": Row("s??-++", {"waiting": "supplier", "reason": "x"}),
    "POST incidents/{ref}/resume": Row("s??-++"),
    "POST incidents/{ref}/note": Row("s??-++", {"text": "x"}),
    "GET incidents/{ref}/people": Row("s??+++"),
    "POST incidents/{ref}/people": Row("s??-++", {"person": "auditor", "role": "scribe"}),
    "DELETE incidents/{ref}/people/{participant}": Row("s??-++"),
    "POST incidents/{ref}/phases/{phase}/finish": Row("s??-++", {}, {"phase": "detect"}),
    "PUT incidents/{ref}/phases/{phase}/owner": Row("s??-++", {"owner": "colleague"}),
    "POST incidents/{ref}/phases/{phase}/skip": Row("s??-++", {"reason": "x"}),
    "POST incidents/{ref}/reopen": Row("s??-xx", {"reason": "x"}),
    "GET incidents/{ref}/report.docx": Row("s??+++"),
    "GET incidents/{ref}/report.pdf": Row("s??+++"),
    "POST incidents/{ref}/reports": Row("s??-++", {"form": "docx", "lang": "en"}),
    "POST incidents/{ref}/restrict": Row("s??--+", {"reason": "x"}),
    "GET incidents/{ref}/tasks": Row("s??+++"),
    "POST incidents/{ref}/tasks": Row("s??-++", {"title": "x"}),
    "POST incidents/{ref}/tasks/{task}/assign": Row("s??-++", {"owner": "colleague"}),
    "POST incidents/{ref}/tasks/{task}/finish": Row("s??-++"),
    "POST incidents/{ref}/tasks/{task}/reopen": Row("s??-++"),
    "GET incidents/{ref}/timeline": Row("s??+++"),
    "POST incidents/{ref}/turn_into_incident": Row("s??-++", {"kind": "malware", "reason": "x"}),
    "POST incidents/{ref}/unrestrict": Row("s??--+", {"reason": "x"}),
    "GET kinds": Row("s+++++"),
    "POST kinds": Row("s----+", {"code": "drone", "ja": "x", "en": "x", "course": "service"}),
    "PUT kinds": Row("s----+", {"codes": ["other"]}),
    "PUT kinds/{code}": Row("s----+", {"ja": "x", "en": "x", "course": "service"}, {"code": "disaster"}),
    "POST kinds/{code}/retire": Row("s----+", named={"code": "disaster"}),
    "POST kinds/{code}/restore": Row("s----+", named={"code": "disaster"}),
    "GET ledger/head": Row("s-++-+"),
    "GET matrix": Row("s+++++"),
    "PUT matrix": Row("s----+", {"preset": "glpi"}),
    "POST matrix/preview": Row("s----+", {"preset": "glpi"}),
    "POST matrix/rejudge": Row("s----+", {"reason": "x"}),
    "POST matrix/restore": Row("s----?", {"number": 9}),
    "GET matrix/versions": Row("s-++++"),
    "PUT matrix/words": Row("s----x", {"words": {"impact": {}}}),
    "GET me": Row("s+++++"),
    "GET organisations": Row("s+++++"),
    "POST organisations": Row("s-?--+", lambda scene: {"name": "x", "parent": place(scene)}),
    "POST organisations/{uuid}/retire": Row("s-?--+"),
    "POST organisations/{uuid}/reinstate": Row("s-?--+"),
    "GET organisations/{uuid}": Row("s??+++"),
    "PATCH organisations/{uuid}": Row("s-?--+", {"name": "x"}),
    "PUT organisations/{uuid}/calendar": Row("s-?--+", {"calendar": None}),
    "GET organisations/{uuid}/due": Row("s??+++", query=lambda scene: "?minutes=60"),
    "GET parked": Row("s-+--+"),
    "DELETE parked/{uuid}": Row("s-?--+"),
    "POST parked/{uuid}/replay": Row("s-?--+"),
    "GET people": Row("s+++++"),
    "POST people": Row("s-?--+", lambda scene: {"username": "x", "name": "X", "organisation": place(scene)}),
    "POST people_imports": Row(
        "s-?--+",
        lambda scene: {
            "organisation": place(scene),
            "file_name": "a.csv",
            "content": "dXNlcm5hbWUsbmFtZQpuZXcsTmV3Cg==",
        },
    ),
    "GET people_imports/{uuid}": Row("s-?--?"),
    "POST people_imports/{uuid}/carry_out": Row("s-?--?", {}),
    "POST people/{uuid}/move": Row("s-?--+", lambda scene: {"organisation": place(scene)}),
    "POST people/{uuid}/sign_out": Row("s-?--+"),
    "GET people/{uuid}": Row("s??+++"),
    "PATCH people/{uuid}": Row("s??--+", {"name": "X"}),
    "POST people/{uuid}/deactivate": Row("s-?--+"),
    "POST people/{uuid}/invite": Row("s-?--+"),
    "POST people/{uuid}/reactivate": Row("s-?--+"),
    "GET people/{uuid}/roles": Row("s??+++"),
    "POST people/{uuid}/roles": Row("s????+", lambda scene: {"role": "auditor", "organisation": place(scene)}),
    "DELETE people/{uuid}/roles/{role}/{organisation}": Row("s????+"),
    "GET problems/": Row("++++++"),
    "GET problems/{code}": Row("++++++", named={"code": "not_found"}),
    "GET readings": Row("s+++++"),
    "POST reports": Row("s+++++", {"purpose": "odd", "what": "x"}),
    "GET roles": Row("s+++++"),
    "PUT roles/{code}": Row("s----+", {"verbs": ["accounts.view"]}, {"code": "clerk"}),
    "PUT roles/{code}/second_factor": Row("s----+", {"required": True}),
    "GET site": Row("s-++++"),
    "PATCH site": Row("s----+", {"notice": "x"}),
    "GET sources": Row("s-++++"),
    "GET teams": Row("s+++++"),
    "POST teams": Row("s-?--+", lambda scene: {"name": "x", "organisation": place(scene)}),
    "DELETE teams/{uuid}": Row("s-?--+"),
    "GET teams/{uuid}": Row("s??+++"),
    "PUT teams/{uuid}": Row("s-?--+", {"name": "x", "people": []}),
    "GET tokens": Row("s+++++"),
    "POST tokens": Row("s-?--+", lambda scene: {"scope": "intake", "source": "wazuh", "organisation": place(scene)}),
    "DELETE tokens/{uuid}": Row("s????+"),
    "GET tokens/{uuid}": Row("s????+"),
    "GET vocabularies/{subject}": Row("s-++++", named={"subject": "kinds"}),
    "POST vocabularies/{subject}/restore": Row("s----?", {"number": 9}, {"subject": "kinds"}),
}

PAGES: dict[str, Row] = {
    "GET ": Row("s+++++"),
    "POST preferences": Row("++++++", {"language": "en"}),
    "GET topics": Row("s+++++"),
    "GET alerts/": Row("s-++++"),
    "POST alerts/open": Row(
        "s-?-++", {"title": "x", "kind": "malware", "impact": 2, "effect": 2, "urgency": 2}, query=_alert
    ),
    "POST alerts/attach": Row("s-?-++", lambda scene: {"ref": scene.incident.ref}, query=_alert),
    "GET alerts/parked/": Row("s-+--+"),
    "POST alerts/parked/<uuid:uuid>/replay": Row("s-?--+"),
    "POST alerts/parked/<uuid:uuid>/dismiss": Row("s-?--+"),
    "GET alerts/<uuid:uuid>/": Row("s-?+++"),
    "GET alerts/<uuid:uuid>/raw": Row("s-?+++"),
    "POST alerts/<uuid:uuid>/correct": Row("s-?-++", {"verdict": "drop", "reason": "x"}),
    "POST alerts/<uuid:uuid>/correct/<slug:verdict>": Row("s-?-++", {}, {"verdict": "drop"}),
    "GET rules/": Row("s-++++"),
    "POST rules/new": Row("s----+", RULE),
    "GET rules/<str:code>/": Row("s-++++", named=RANSOMWARE),
    "POST rules/<str:code>/edit": Row("s----+", RULE, RANSOMWARE),
    "POST rules/<str:code>/on": Row("s----+", {}, RANSOMWARE),
    "POST rules/<str:code>/off": Row("s----+", {}, RANSOMWARE),
    "POST rules/<str:code>/review": Row("s----+", {"review": "2040-01-01", "owner": "csirt"}, RANSOMWARE),
    "GET rules/<str:code>/compare": Row("s-++++", named=RANSOMWARE),
    "POST rules/<str:code>/versions/<int:number>/restore": Row("s----+", {}, {**RANSOMWARE, "number": "1"}),
    "GET oncall/": Row("s-++++"),
    "POST oncall/new": Row("s-x--+", lambda scene: {**ROTA, "name": "Day", "organisation": place(scene)}),
    "POST oncall/absence": Row("s-++++", SPELL),
    "POST oncall/absences/<uuid:absence>/take-back": Row("s-???+"),
    "POST oncall/swaps/<uuid:swap>/<slug:answer>": Row("s-??+-", named={"answer": "decline"}),
    "POST oncall/calendar": Row("s-++++", {"rota": ""}),
    "POST oncall/calendar/<uuid:feed>/revoke": Row("s-????"),
    "GET oncall/<uuid:rota>/": Row("s-?+++"),
    "POST oncall/<uuid:rota>/edit": Row("s-?--+", {**ROTA, "name": "Night"}),
    "POST oncall/<uuid:rota>/retire": Row("s-?--+"),
    "POST oncall/<uuid:rota>/take-up": Row("s-?--+"),
    "POST oncall/<uuid:rota>/versions/<int:number>/restore": Row("s-?--+", named={"number": "1"}),
    "POST oncall/<uuid:rota>/cover": Row("s-?--+", lambda scene: {**SPELL, "person": str(scene.colleague.uuid)}),
    "POST oncall/<uuid:rota>/covers/<uuid:cover>/take-back": Row("s-?--+"),
    "POST oncall/<uuid:rota>/swap": Row("s-?xxx", SPELL),
    "GET oncall/<uuid:rota>/fairness": Row("s-?+++"),
    "POST oncall/<uuid:rota>/import": Row("s-?--x", {"do": "look"}),
    "GET assets/": Row("s-++++"),
    "POST assets/new": Row(
        "s-x--+",
        lambda scene: {"name": "Wiki", "kind": "system", "criticality": 2, "organisation": place(scene)},
    ),
    "GET assets/export.<slug:form>": Row("s-++++", named={"form": "csv"}),
    "POST assets/import": Row(
        "s-x--+",
        lambda scene: {"file": SimpleUploadedFile("a.csv", b"name\nWiki\n"), "organisation": place(scene)},
    ),
    "GET assets/import/template.<slug:form>": Row("s-++++", named={"form": "xlsx"}),
    "POST assets/import/<uuid:uuid>/": Row("s-?--+", named={"uuid": lambda scene: str(scene.things["import"])}),
    "GET assets/<uuid:uuid>/": Row("s??+++"),
    "POST assets/<uuid:uuid>/edit": Row(
        "s??--+", {"name": "Customer DB", "kind": "system", "criticality": 4, "place": "Osaka"}
    ),
    "POST assets/<uuid:uuid>/retire": Row("s-?--+"),
    "POST assets/<uuid:uuid>/take-up": Row("s-?--+"),
    "GET incidents/": Row("s+++++"),
    "POST incidents/new": Row(
        "s-+-++",
        lambda scene: {
            "title": "x",
            "kind": "malware",
            "impact": 2,
            "effect": 2,
            "urgency": 2,
            "organisation": place(scene),
        },
    ),
    "POST incidents/break-glass": Row("s-?--+", lambda scene: {"ref": scene.hidden.ref, "reason": "x"}),
    "GET incidents/<str:ref>/": Row("s??+++"),
    "GET incidents/<str:ref>/report": Row("s??+++"),
    "GET incidents/<str:ref>/report.<slug:form>": Row("s??+++", named={"form": "docx"}),
    "GET incidents/<str:ref>/timeline": Row("s??+++"),
    "GET incidents/<str:ref>/export.zip": Row("s??+++"),
    "GET incidents/<str:ref>/files": Row("s??+++"),
    "GET incidents/<str:ref>/files/<uuid:file>": Row("s??+++"),
    "GET incidents/<str:ref>/files/<uuid:file>/sample.zip": Row("s??+++"),
    "POST incidents/<str:ref>/<slug:name>": Row("s??-++", {"text": "x"}, {"name": "note"}),
    "POST incidents/<str:ref>/<slug:name>/<str:part>": Row(
        "s??-++", {"value": "x", "certainty": "confirmed"}, {"name": "set-fact", "part": "who"}
    ),
    "POST incidents/<str:ref>/new-code": Row("s??-++", {"nonce": "a-form-0123456789"}),
    "POST phone/": Row(
        "s-+-++",
        lambda scene: {
            "words": "x",
            "called_at": "2026-11-21T10:00",
            "kind": "malware",
            "impact": 2,
            "effect": 2,
            "urgency": 2,
            "language": "ja",
            "nonce": "a-form-0123456789",
            "organisation": place(scene),
        },
    ),
    "GET report/": Row("s+++++"),
    "GET report/near-miss": Row("s+++++"),
    "GET report/request": Row("s+++++"),
    "GET report/sent": Row("s+++++"),
    "GET report/mine": Row("s+++++"),
    "GET incidents/<str:ref>/clocks": Row("s??+++"),
    "GET settings/service-levels/": Row("s-++++"),
    "POST settings/service-levels/new": Row("s----+", TARGET),
    "POST settings/service-levels/stuck": Row("s----+", {"no_move_1": "2h"}),
    "POST settings/service-levels/renew": Row("s----+", {}),
    "POST settings/service-levels/<slug:code>": Row("s----+", TARGET, OWN),
    "POST settings/service-levels/<slug:code>/on": Row("s----+", {}, OWN),
    "POST settings/service-levels/<slug:code>/off": Row("s----+", {}, OWN),
    "POST settings/service-levels/<slug:code>/remove": Row("s----+", {}, OWN),
    "POST settings/service-levels/<slug:code>/up": Row("s----+", {}, OWN),
    "GET settings/reporting/": Row("s----+"),
    "GET help/": Row("s+++++"),
    "GET help/<slug:name>": Row("s+++++", named={"name": "first-day"}),
    "GET account/": Row("s+++++"),
    "GET account/preferences": Row("s+++++"),
    "GET account/password": Row("s+++++"),
    "GET account/sessions": Row("s+++++"),
    "POST account/sessions/<uuid:session>/end": Row("s?????"),
    "GET account/tokens/new": Row("s+++++"),
    "POST account/tokens/<uuid:token>/revoke": Row("s????+"),
    "GET account/second-factor": Row("s+++++"),
    "GET account/second-factor/app": Row("s+++++"),
    "GET account/second-factor/passkey": Row("s+++++"),
    "POST account/second-factor/remove": Row("s?????", lambda scene: {"number": scene.things["factor"]}),
    "GET account/recovery-codes": Row("s+++++"),
    "GET account/recovery-codes/new": Row("s+++++"),
    "GET settings/": Row("s-++++"),
    "GET settings/site/": Row("s-++++"),
    "POST settings/site/": Row(
        "s----+", {"name": "x", "languages": ["ja"], "language": "ja", "time_zone": "Asia/Tokyo"}
    ),
    "POST settings/site/hold": Row("s----+"),
    "POST settings/site/release": Row("s----+"),
    "GET settings/kinds/": Row("s-++++"),
    "POST settings/kinds/new": Row("s----+", {"code": "drone", "ja": "x", "en": "x", "course": "service"}),
    "POST settings/kinds/<slug:code>": Row("s----+", {"ja": "x", "en": "x", "course": "service"}, {"code": "disaster"}),
    "POST settings/kinds/<slug:code>/retire": Row("s----+", named={"code": "disaster"}),
    "POST settings/kinds/<slug:code>/restore": Row("s----+", named={"code": "disaster"}),
    "POST settings/kinds/<slug:code>/up": Row("s----+", named={"code": "disaster"}),
    "POST settings/kinds/<slug:subject>/go-back/<int:number>": Row("s----?", named={"subject": "kinds", "number": "9"}),
    "GET settings/courses/": Row("s-++++"),
    "POST settings/courses/new": Row("s----+", {**DRAWN, "code": "short"}),
    "POST settings/courses/<slug:code>": Row("s----+", DRAWN, {"code": "light"}),
    "POST settings/courses/<slug:code>/retire": Row("s----x", named={"code": "light"}),
    "POST settings/courses/<slug:code>/restore": Row("s----+", named={"code": "light"}),
    "GET settings/matrix/": Row("s-++++"),
    "GET settings/matrix/compare": Row("s-++++"),
    "POST settings/matrix/look": Row("s----+", {**CELLS, "save": "1"}),
    "POST settings/matrix/rejudge": Row("s----+", {"reason": "x"}),
    "GET settings/matrix/words": Row("s----+"),
    "POST settings/matrix/go-back/<int:number>": Row("s----?", named={"number": "9"}),
    "POST settings/calendars/": Row("s-x--+", lambda scene: {"organisation": place(scene), "calendar": ""}),
    "POST settings/calendars/new": Row("s----+", {**HOURS_TYPED, "name": "x"}),
    "POST settings/calendars/<uuid:calendar>": Row("s----+", {**HOURS_TYPED, "name": "x"}),
    "POST settings/calendars/<uuid:calendar>/remove": Row("s----x"),
    "GET settings/criteria/": Row("s-++++"),
    "GET settings/criteria/<slug:name>/": Row("s-++++", named=IMPACT),
    "POST settings/criteria/<slug:name>/edit": Row("s----+", {"1-ja": "x", "1-en": "x"}, IMPACT),
    "POST settings/criteria/<slug:name>/review": Row("s----+", {"review": "2040-01-01", "owner": "csirt"}, IMPACT),
    "GET settings/criteria/<slug:name>/compare": Row("s-++++", named=IMPACT),
    "POST settings/criteria/<slug:name>/versions/<int:number>/restore": Row("s----+", {}, {**IMPACT, "number": "0"}),
    "GET settings/people/": Row("s-++++"),
    "POST settings/people/new": Row(
        "s-x--+", lambda scene: {"username": "x", "name": "X", "organisation": place(scene), "language": "en"}
    ),
    "GET settings/people/<uuid:person>": Row("s-?+++"),
    "POST settings/people/<uuid:person>/edit": Row("s??--+", {"name": "X"}),
    "POST settings/people/<uuid:person>/grant": Row(
        "s-?--+", lambda scene: {"role": "auditor", "organisation": place(scene)}
    ),
    "POST settings/people/<uuid:person>/revoke/<slug:role>/<uuid:organisation>": Row("s????+"),
    "POST settings/people/<uuid:person>/invite": Row("s-?--+"),
    "POST settings/people/<uuid:person>/deactivate": Row("s-?--+"),
    "POST settings/people/<uuid:person>/reactivate": Row("s-?--+"),
    "POST settings/people/<uuid:person>/second-factors/remove": Row("s-?--+"),
    "GET settings/people/export.<slug:form>": Row("s-++++", named={"form": "csv"}),
    "GET settings/people/template.<slug:form>": Row("s-++++", named={"form": "csv"}),
    "POST settings/people/import": Row("s-x--x", lambda scene: {"organisation": place(scene)}),
    "POST settings/people/import/<uuid:people_file>": Row("s-?--?"),
    "POST settings/people/<uuid:person>/move": Row("s??--+", lambda scene: {"organisation": place(scene)}),
    "POST settings/people/<uuid:person>/sign-out": Row("s-?--+"),
    "GET contacts/": Row("s-++++"),
    "GET contacts/stale/": Row("s-++++"),
    "GET contacts/people/<uuid:person>/": Row("s??+++"),
    "POST contacts/people/<uuid:person>/card": Row("s??--+", {"duty": "x"}),
    "POST contacts/people/<uuid:person>/ways/new": Row("s??--+", {"kind": "phone", "address": "03-5978-7509"}),
    "GET contacts/outside/": Row("s-++++"),
    "POST contacts/outside/new": Row("s-x--+", lambda scene: {**OUTSIDER, "organisation": place(scene)}),
    "GET contacts/outside/<uuid:party>/": Row("s??+++"),
    "POST contacts/outside/<uuid:party>/edit": Row("s??--+", OUTSIDER),
    "POST contacts/outside/<uuid:party>/desks/new": Row("s??--+", {"name": "x", "language": "ja"}),
    "POST contacts/outside/<uuid:party>/ways/new": Row("s??--+", {"kind": "phone", "address": "03-5978-7509"}),
    "POST contacts/outside/<uuid:party>/responsibilities": Row(
        "s??--+", {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}
    ),
    "POST contacts/outside/<uuid:party>/retire": Row("s??--+"),
    "POST contacts/outside/<uuid:party>/reinstate": Row("s??--+"),
    "POST contacts/ways/<uuid:way>/edit": Row("s??--+", {"address": "03-5978-7509"}),
    "POST contacts/ways/<uuid:way>/first": Row("s??--+"),
    "POST contacts/ways/<uuid:way>/prove": Row("s??--+"),
    "POST contacts/ways/<uuid:way>/doubt": Row("s??+++", {"why": "wrong"}),
    "POST contacts/ways/<uuid:way>/remove": Row("s??--+"),
    "GET contacts/sheet/": Row("s-++++"),
    "GET contacts/sheet/<uuid:organisation>/": Row("s??+++"),
    "POST contacts/sheet/<uuid:organisation>/edit": Row("s????+", {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}),
    "GET contacts/sheet/<uuid:organisation>/sheet.pdf": Row("s??+++"),
    "GET account/ways": Row("s+++++"),
    "GET settings/contacts/": Row("s-++++"),
    "GET settings/teams/": Row("s-++++"),
    "POST settings/teams/new": Row("s-x--+", lambda scene: {"organisation": place(scene), "name": "Day"}),
    "POST settings/teams/<uuid:team>": Row("s??--+", {"name": "Day"}),
    "POST settings/teams/<uuid:team>/remove": Row("s-?--+"),
    "POST settings/roles/new": Row("s----+", {"name": "x", "code": "x", "verbs": ["incidents.view"]}),
    "POST settings/roles/<slug:role>/edit": Row("s----?", {"name": "x"}),
    "POST settings/organisations/<uuid:organisation>/retire": Row("s-?--+"),
    "POST settings/organisations/<uuid:organisation>/reinstate": Row("s-?--+"),
    "GET settings/roles/": Row("s-++++"),
    "POST settings/roles/<slug:role>/second-factor": Row("s----+", {"required": "yes"}),
    "GET settings/organisations/": Row("s-++++"),
    "POST settings/organisations/new": Row("s-x--+", lambda scene: {"name": "x", "parent": place(scene)}),
    "POST settings/organisations/<uuid:organisation>/rename": Row("s????+", {"name": "x"}),
    "POST settings/organisations/<uuid:organisation>/move": Row("s????+", lambda scene: {"parent": place(scene)}),
    "GET settings/tokens/": Row("s-+--+"),
    "POST settings/tokens/new": Row(
        "s-x--+", lambda scene: {"source": "wazuh", "organisation": place(scene), "days": "30"}
    ),
    "POST settings/tokens/<uuid:token>/revoke": Row("s????+"),
    "GET settings/escalation/": Row("s-++++"),
    "GET settings/escalation/try": Row("s-++++"),
    "POST settings/escalation/new": Row("s----+", POLICY_DRAWN),
    "POST settings/escalation/executives": Row("s----+", {"who": "role|manager"}),
    "POST settings/escalation/<uuid:policy>": Row("s----+", POLICY_DRAWN),
    "POST settings/escalation/<uuid:policy>/retire": Row("s----+"),
    "POST settings/escalation/<uuid:policy>/restore": Row("s----+"),
    "POST settings/escalation/<uuid:policy>/up": Row("s----+"),
    "GET settings/retention/": Row("s----+"),
    "POST settings/retention/<slug:category>": Row("s----+", {"days": ""}, {"category": "bodies"}),
    "GET settings/sources/": Row("s-++++"),
    "POST settings/sources/new": Row("s----+", {**SOURCE, "code": "mine"}),
    "GET settings/sources/<slug:code>/": Row("s-++++", named=WAZUH),
    "POST settings/sources/<slug:code>/edit": Row("s----+", SOURCE, WAZUH),
    "POST settings/sources/<slug:code>/out": Row("s----+", {}, {"code": "own"}),
    "POST settings/sources/<slug:code>/replay": Row("s-+--+", {}, WAZUH),
    "GET settings/sources/<slug:code>/compare": Row("s-++++", named=WAZUH),
    "POST settings/sources/<slug:code>/versions/<int:number>/restore": Row(
        "s----+", {}, {"code": "own", "number": "1"}
    ),
}
