"""What several alerts were together, told where people read: in the room, on the alert, among the rules."""

from datetime import timedelta

import pytest
from django.utils.html import escape

from hikeshi.incidents import reactions  # noqa: F401  # hears of judgements
from hikeshi.incidents.models import Incident
from hikeshi.intake import site_rules, trying
from hikeshi.intake.models import Alert
from hikeshi.intake.queries import ruling
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.ledger import reactions as hearing
from tests import world
from tests.web.desk import alert, browser, page

DESK = system("test")


@pytest.fixture
def suspected() -> Incident:
    hearing.begin()
    for minutes, title in ((50, "Port scan seen"), (30, "High entropy in access request"), (1, "Sudo to root")):
        at = clock.now() - timedelta(minutes=minutes)
        alert(title, "low", host="web01", time=at.isoformat())
    while hearing.step(clock.now()):
        pass
    return Incident.objects.get()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Why these belong together", "Several weak signals about one host", "Probing", "the host", "web01")),
        ("ja", ("一つのホストに関する弱い兆候の重なり", "【疑い】", "探索", "web01")),
    ],
)
def test_an_incident_that_a_correlation_opened_explains_itself(
    suspected: Incident, language: str, words: tuple[str, ...]
) -> None:
    desk = browser("mori", "commander", language=language)
    opener = Alert.objects.get(verdict="open")
    for address in (f"/incidents/{suspected.ref}/", f"/alerts/{opener.uuid}/"):
        shown = page(desk.get(address))
        for word in (*words, "Port scan seen", "High entropy in access request", "Sudo to root"):
            assert escape(word) in shown, (address, word)


def test_a_member_that_the_reader_may_not_see_is_not_told_of(suspected: Incident) -> None:
    Alert.objects.filter(title="Port scan seen").update(restricted=True, case="incident:elsewhere")
    assert "Port scan seen" not in page(browser("sato", "commander").get(f"/incidents/{suspected.ref}/"))


def test_a_correlation_stands_among_the_rules_with_its_hits_and_its_text(suspected: Incident) -> None:
    desk = browser("admin", "administrator")
    assert "host_under_suspicion" in page(desk.get("/rules/?q=host_under_suspicion"))
    shown = page(desk.get("/rules/host_under_suspicion/"))
    assert "weight_sum" in shown
    assert "1 in 7 days" in shown
    edited = page(desk.get("/rules/host_under_suspicion/edit"))
    assert escape("that is written as text") in edited


def test_a_correlation_is_tried_on_what_came_before_it_goes_live(suspected: Incident) -> None:
    rule = ruling.book().correlations["host_under_suspicion"]
    tried = trying.trial(world.admin(), rule, last=1_000)
    assert (tried.hits, tried.of, tried.whole) == (1, 3, True)
    terms = site_rules.terms_of_file(rule)
    narrower = site_rules.compiled("narrower", 1, _with(terms, terms.sigma.replace("gte: 6", "gte: 7")))
    assert trying.trial(world.admin(), narrower, last=1_000).hits == 0


def _with(terms: site_rules.Terms, sigma: str) -> site_rules.Terms:
    return site_rules.Terms(**{name: getattr(terms, name) for name in site_rules.TERMS if name != "sigma"}, sigma=sigma)
