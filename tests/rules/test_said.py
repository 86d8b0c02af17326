"""Days, spans of time and lists as LOOK writes them, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils import timezone, translation

from hikeshi.kernel import clock
from hikeshi.phrases.moments import dated
from hikeshi.phrases.wording import listed
from hikeshi.web.assets.showing import span_words
from hikeshi.web.figures import shown
from hikeshi.web.templatetags.show import source, to, wall
from tests import world

MORNING = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _that_day() -> None:
    world.clock.freeze(MORNING)


@pytest.mark.parametrize(
    ("language", "one_day", "two_days"),
    [
        ("ja", "11/21(土) 09:00–18:00", "11/21(土) 09:00 – 11/22(日) 10:00"),
        ("en", "21 Nov (Sat) 09:00–18:00", "21 Nov (Sat) 09:00 – 22 Nov (Sun) 10:00"),
    ],
)
def test_a_span_within_a_day_names_the_day_once(language: str, one_day: str, two_days: str) -> None:
    with translation.override(language):
        assert to(MORNING, MORNING + timedelta(hours=9)) == one_day
        assert to(MORNING, MORNING + timedelta(hours=25)) == two_days


def test_lists_have_the_comma_of_their_language() -> None:
    with translation.override("ja"):
        assert listed(["高", "中"]) == "高、中"
    with translation.override("en"):
        assert listed(["High", "Moderate"]) == "High, Moderate"


def test_one_day_is_not_days() -> None:
    with translation.override("en"):
        assert (span_words(1_440), span_words(2_880)) == ("1 day", "2 days")


def test_the_ends_of_a_chart_are_days_as_everywhere() -> None:
    assert clock.now() == MORNING
    with translation.override("en"):
        assert shown._day("2026-10-25") == "25 Oct (Sun)"
    with translation.override("ja"):
        assert shown._day("2026-10-25") == "10/25(日)"


def test_a_moment_in_a_sentence_names_its_year() -> None:
    with translation.override("ja"):
        assert dated(MORNING) == "2026/11/21(土) 18:00 JST"
    with translation.override("en"):
        assert dated(MORNING) == "21 Nov 2026 (Sat) 18:00 JST"


def test_a_source_is_called_by_its_name_and_an_unknown_one_by_its_code() -> None:
    with translation.override("en"):
        assert source("ciscoasa") == '<bdi title="ciscoasa">Cisco ASA and Firepower</bdi>'
        assert source("gone<b>") == '<bdi title="gone&lt;b&gt;">gone&lt;b&gt;</bdi>'


def test_a_field_left_empty_is_asked_for_in_our_own_words() -> None:
    class Asked(forms.Form):
        name = forms.CharField()

    with translation.override("ja"):
        assert Asked({}).errors["name"] == ["入力が必要です。"]
    with translation.override("en"):
        assert Asked({}).errors["name"] == ["This field is required."]


def test_in_the_first_hours_of_a_year_its_days_are_said_without_it_and_those_before_with_theirs() -> None:
    """Where the people are: in Greenwich the old year lasts nine hours longer."""
    world.clock.freeze(datetime(2026, 12, 31, 16, tzinfo=UTC))
    with timezone.override("Asia/Tokyo"), translation.override("en"):
        said = [wall(datetime(year, month, 4, 10, tzinfo=UTC)) for year, month in ((2027, 1), (2026, 12))]
    assert said == ["4 Jan (Mon) 10:00", "4 Dec 2026 (Fri) 10:00"]
