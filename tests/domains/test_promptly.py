"""What somebody may be waiting for happens with the commit that causes it."""

import pytest
from django.db import connection

from hikeshi.engine.digest import Digest
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.kernel import clock
from hikeshi.ledger import reactions
from hikeshi.ledger.acts import at_last, unit
from hikeshi.ledger.models import Cursor, Entry, Parked
from hikeshi.ledger.verify import verify
from tests.domains.calling import called, listens, policy, reachable, step
from tests.domains.test_digest_loop import accept
from tests.domains.test_intake_digest import body

TOOK_UP = "incidents.reactions.take_up_judged_alert"
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="where rows are locked one by one they wait")


def _accepted(*numbers: int) -> None:
    """Alerts that a rule opens a record for."""
    listens()
    accept(*(body("generic", _alert(number)).body for number in numbers))


def _alert(number: int) -> dict[str, object]:
    return {"title": f"Wiper {number}", "severity": "critical", "key": f"wiper {number}", "host": f"pc-{number}"}


def _digests() -> None:
    digest = Digest("me/1/1", digesting.digest, intake.park)
    while digest.step(clock.now()):
        continue


def _reacts() -> None:
    while reactions.step(clock.now()):
        continue


def _opened() -> int:
    return Incident.objects.count()


@on_sqlite
def test_a_judged_alert_opens_its_record_and_calls_in_the_act_that_judges_it_and_once() -> None:
    policy(step(reachable("abe")))
    _accepted(1)
    _digests()
    assert (_opened(), called()) == (1, ["abe"])
    judged = Entry.objects.get(fact="intake.AlertJudged")
    assert Cursor.objects.get(reaction=TOOK_UP).number == judged.number
    _reacts()
    assert (_opened(), called()) == (1, ["abe"])
    assert not verify(state=True).findings


def test_where_rows_are_locked_one_by_one_the_round_opens_it() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("here it is opened at once")
    _accepted(1)
    _digests()
    assert _opened() == 0
    _reacts()
    assert _opened() == 1


def test_what_fails_at_once_takes_no_alert_with_it_and_the_round_tries_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _accepted(1)

    def fails(**given: object) -> None:
        Incident.objects.create()  # what the database itself refuses is undone as well
        raise AssertionError("it refuses")

    with monkeypatch.context() as patched:
        patched.setattr(incidents, "take_judgement", fails)
        _digests()
    assert (Entry.objects.filter(fact="intake.AlertJudged").count(), _opened(), Parked.objects.count()) == (1, 0, 0)
    _reacts()
    assert (_opened(), Parked.objects.count()) == (1, 0)
    assert not verify(state=True).findings


@on_sqlite
def test_nothing_is_heard_before_what_was_told_earlier() -> None:
    listens()
    digesting.digest([body("generic", _alert(1))])  # told, and not heard yet
    _accepted(2)
    _digests()
    assert _opened() == 0
    _reacts()
    assert list(Incident.objects.order_by("pk").values_list("title", flat=True)) == ["Wiper 1", "Wiper 2"]


@on_sqlite
def test_of_many_in_one_act_the_first_few_are_heard_at_once_and_the_round_hears_the_others() -> None:
    _accepted(*range(reactions.PROMPTLY + 2))
    _digests()
    assert _opened() == reactions.PROMPTLY
    _reacts()
    assert _opened() == reactions.PROMPTLY + 2


@on_sqlite
def test_an_act_that_is_undone_leaves_nothing_of_what_was_heard_in_it() -> None:
    listens()
    before = Entry.objects.count()

    def undone() -> None:
        assert _opened() == 1
        raise InterruptedError

    with pytest.raises(InterruptedError), reactions.promptly(), unit():
        at_last(undone)
        digesting.digest([body("generic", _alert(1))])
    assert (_opened(), Entry.objects.count()) == (0, before)
    _accepted(1)
    _digests()
    assert _opened() == 1
