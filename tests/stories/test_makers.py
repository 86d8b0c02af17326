"""Teams, LINE and text messages against the published APIs of their makers: who we say we are, what we write, and whose
fault we take their refusals for.
"""

import pytest

from hikeshi.accounts.ways import Kind
from hikeshi.notify.channels.carried import Carried
from hikeshi.notify.wording import Form
from tests import makers
from tests.receivers import running
from tests.stories.test_channels import TEXT, TITLE, fault, parcel, setup

SIG = "qXb3Dk_R2v-7mJtYf0aWc9LpZsE1uHnG4oTiK8yVxQ5"
OLD = "/workflows/86ffea6392fe4f3f9555f5e8f9b1f06e/triggers/manual/paths/invoke"
NEW = f"/powerautomate/automations/direct{OLD}"
SIGNED = f"&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SIG}"
FLOWS = {
    f"https://prod-12.japaneast.logic.azure.com:443{OLD}?api-version=2016-06-01{SIGNED}": OLD,
    f"https://default0a1b.09.environment.api.powerplatform.com:443{NEW}?api-version=1{SIGNED}": NEW,
}
FLOW = next(iter(FLOWS))

TOKEN = "e3x+Hq9/Ab0Zz7/kLm+nOpQrStUvWx1234567890abcd="
MORI = "U4af4980629000000000000000000000a"
GONE = "U4af4980629000000000000000000000b"

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
AUTH = "fedcba9876543210fedcba9876543210"
GATE = f"twilio://{ACCOUNT}:{AUTH}@+15005550006/{{address}}"


def line_setup(token: str = TOKEN):
    return setup("line", secret={"address_template": f"line://{token}/{{address}}"})


def sms_setup(template: str = GATE):
    return setup("sms", secret={"address_template": template})


@pytest.mark.parametrize("address", FLOWS)
def test_a_workflow_of_teams_is_posted_a_card_at_the_address_people_copy(monkeypatch, address):
    with running(makers.teams(path=FLOWS[address], sig=SIG)) as there:
        meant = makers.led(monkeypatch, there)
        handed = Carried(Kind.TEAMS).send(parcel(Kind.TEAMS, address), setup("teams"))
    assert handed.status == 202
    assert there.taken == [[TITLE, TEXT]]
    assert meant[0].partition("?")[0] == address.partition("?")[0]


def test_a_workflow_that_knows_us_no_more_is_the_fault_of_its_address(monkeypatch):
    off = {"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "The trigger 'manual' is not enabled."}}
    with running(makers.teams(path=OLD, sig=SIG)) as there:
        makers.led(monkeypatch, there)
        for address in (FLOW.replace(SIG, "another"), FLOW.replace("86ffea", "000000")):
            wrong = fault(Carried(Kind.TEAMS), parcel(Kind.TEAMS, address), setup("teams"))
            assert (wrong.code, wrong.of_the_way, wrong.passing) == ("refused_address", True, False)
        there.before = lambda _: (400, off)
        wrong = fault(Carried(Kind.TEAMS), parcel(Kind.TEAMS, FLOW), setup("teams"))
        assert (wrong.code, wrong.of_the_way, wrong.status) == ("refused_address", True, 400)
        there.before = lambda _: (
            400,
            {"error": {"code": "TriggerInputSchemaMismatch", "message": "It did not match."}},
        )
        wrong = fault(Carried(Kind.TEAMS), parcel(Kind.TEAMS, FLOW), setup("teams"))
        assert (wrong.code, wrong.of_the_way, wrong.passing) == ("refused", False, False)
    assert there.taken == []


def test_line_is_pushed_to_one_person_with_the_token_of_the_site(monkeypatch):
    with running(makers.line(token=TOKEN, users=(MORI,))) as there:
        meant = makers.led(monkeypatch, there)
        handed = Carried(Kind.LINE).send(parcel(Kind.LINE, MORI), line_setup())
    assert handed.status == 200
    assert meant == ["https://api.line.me/v2/bot/message/push"]
    assert there.seen[0].json()["to"] == MORI
    assert TITLE in there.taken[0]
    assert TEXT in there.taken[0]


def test_a_token_line_refuses_is_the_channels_fault_and_a_person_it_cannot_reach_the_ways(monkeypatch):
    with running(makers.line(token=TOKEN, users=(MORI,))) as there:
        makers.led(monkeypatch, there)
        unknown = fault(Carried(Kind.LINE), parcel(Kind.LINE, MORI), line_setup("revoked="))
        assert (unknown.code, unknown.of_the_way, unknown.passing) == ("unauthorised", False, False)
        for nobody in (GONE, "mori"):
            found = fault(Carried(Kind.LINE), parcel(Kind.LINE, nobody), line_setup())
            assert (found.code, found.of_the_way, found.status) == ("refused_address", True, 400)
        there.before = lambda _: (400, {"message": "The request body has 1 error(s)"})
        wrong = fault(Carried(Kind.LINE), parcel(Kind.LINE, MORI), line_setup())
        assert (wrong.code, wrong.of_the_way, wrong.passing) == ("refused", False, False)


def test_line_is_told_of_one_message_once_however_often_it_is_tried(monkeypatch):
    with running(makers.line(token=TOKEN, users=(MORI,))) as there:
        makers.led(monkeypatch, there)
        served = there.service
        there.before = lambda request: (served(request), (500, {"message": "lost"}))[1]
        lost = fault(Carried(Kind.LINE), parcel(Kind.LINE, MORI), line_setup())
        there.before = lambda _: None
        again = Carried(Kind.LINE).send(parcel(Kind.LINE, MORI), line_setup())
    assert (lost.passing, again.status) == (True, 409)
    assert len(there.taken) == 1
    assert len({one.headers["x-line-retry-key"] for one in there.seen}) == 1


def test_a_month_that_is_used_up_is_said_and_the_next_way_is_taken(monkeypatch):
    with running(makers.line(token=TOKEN, users=(MORI,))) as there:
        makers.led(monkeypatch, there)
        there.before = lambda _: (429, {"message": "You have reached your monthly limit."})
        found = fault(Carried(Kind.LINE), parcel(Kind.LINE, MORI), line_setup())
    assert (found.code, found.passing, found.of_the_way) == ("used_up", False, False)


def test_a_text_message_goes_by_the_gateway_with_its_account_and_nothing_but_its_text(monkeypatch):
    with running(makers.twilio(account=ACCOUNT, token=AUTH)) as there:
        meant = makers.led(monkeypatch, there)
        short = Carried(Kind.SMS, Form.SHORT)
        handed = short.send(parcel(Kind.SMS, "+819012345678", text="INC-2026-0042"), sms_setup())
    assert (handed.status, handed.provider_id) == (201, f"SM{1:032d}")
    assert there.taken == [("+15005550006", "+819012345678", "INC-2026-0042")]
    assert meant == [f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"]


def test_a_gateway_that_refuses_the_account_is_the_channels_fault_and_a_number_that_is_none_the_ways(monkeypatch):
    short = Carried(Kind.SMS, Form.SHORT)
    with running(makers.twilio(account=ACCOUNT, token=AUTH)) as there:
        makers.led(monkeypatch, there)
        unknown = fault(short, parcel(Kind.SMS, "+819012345678"), sms_setup(GATE.replace(AUTH, "0" * 32)))
        nobody = fault(short, parcel(Kind.SMS, "+810012345678"), sms_setup())
        there.before = lambda _: (400, makers.twilio_error(21606, "The 'From' number is not yours.", 400))
        ours = fault(short, parcel(Kind.SMS, "+819012345678"), sms_setup())
    assert (unknown.code, unknown.of_the_way, unknown.passing) == ("unauthorised", False, False)
    assert (nobody.code, nobody.of_the_way, nobody.status) == ("refused_address", True, 400)
    assert (ours.code, ours.of_the_way, ours.passing) == ("refused", False, False)
    assert there.taken == []


TOO_MANY = {
    Kind.TEAMS: (FLOW, setup("teams"), {"error": {"code": "WorkflowRunActionRateLimited", "message": "Rate limited."}}),
    Kind.LINE: (MORI, line_setup(), {"message": "The API rate limit has been exceeded. Try again later."}),
    Kind.SMS: ("+819012345678", sms_setup(), makers.twilio_error(20429, "Too Many Requests", 429)),
}


@pytest.mark.parametrize("kind", TOO_MANY)
def test_too_many_is_for_later_and_nobodys_fault(monkeypatch, kind):
    address, ready, said = TOO_MANY[kind]
    with running(makers.teams(path=OLD, sig=SIG)) as there:
        makers.led(monkeypatch, there)
        there.before = lambda _: (429, said, {"Retry-After": "30"})
        busy = fault(Carried(kind), parcel(kind, address), ready)
        there.before = lambda _: (429, said)
        vague = fault(Carried(kind), parcel(kind, address), ready)
    assert (busy.code, busy.passing, busy.unsure, busy.of_the_way) == ("busy", True, False, False)
    assert (busy.retry_after, vague.passing, vague.retry_after) == (30.0, True, None)
