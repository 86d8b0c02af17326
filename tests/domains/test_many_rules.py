"""Ten thousand rules in force: the digest works, the right one decides, and an alert touches few of them."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from hikeshi.intake import digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert
from hikeshi.intake.queries import ruling
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from tests import world

MANY = 10_000
TOUCHED = 12
"""Rules that may be asked of one alert: those of its source that cannot be told apart by a word."""
FORMS = (
    "finding_info.title|contains: 'family {0}.'",
    "finding_info.title|startswith: 'family {0}.'",
    "finding_info.analytic.uid: 'family {0}.'",
    "{{evidences.process.name|endswith: 'family{0}.exe', severity_id: 3}}",
)
RULE = """title: Family {0}
logsource: {{category: finding}}
detection:
  a: {1}
  condition: a
hikeshi: {{code: family_{0}, version: 1, rank: 450, verdict: open, kind: other, owner: csirt,
  title: {{ja: 家族}}, reason: {{en: bench, ja: 計測}}}}
"""


def detection(number: int) -> str:
    form = FORMS[number % len(FORMS)].format(number)
    return form if form.startswith("{") else "{" + form + "}"


def body(number: int) -> InboxItem:
    alert = {"title": f"family {number}. was seen", "severity": "medium", "key": f"k{number}"}
    text = json.dumps(alert).encode()
    return InboxItem(uuid7(), "generic", world.site().pk, text, "application/json", now(), World.REAL, 1)


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_of_ten_thousand_rules_the_right_one_decides_and_few_are_touched(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_ROOT = tmp_path
    folder = tmp_path / "rules"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number}.yml").write_text(RULE.format(number, detection(number)), encoding="utf-8")
    book = ruling.book()
    assert not book.problems
    assert len(book.rules) >= MANY

    wanted = [number for number in (*range(40), MANY - 4, MANY - 3) if number % len(FORMS) < 2]
    digesting.digest([body(number) for number in [*wanted, MANY]])

    judged = dict(Alert.objects.values_list("title", "rule"))
    assert {number: judged[f"family {number}. was seen"] for number in wanted} == {
        number: f"family_{number}" for number in wanted
    }
    assert not judged[f"family {MANY}. was seen"].startswith("family_")
    touched = [
        len(book._index.candidates(normal)) for normal in Alert.objects.values_list("normal_form__normal", flat=True)
    ]
    assert len(touched) == len(wanted) + 1
    assert max(touched) <= TOUCHED
