"""Letters of a title are found whatever their case, on both databases alike."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikeshi.incidents import queries as records
from hikeshi.incidents.models import Incident
from hikeshi.kernel.lettering import holding
from tests import world
from tests.domains.incidents import opened

pytestmark = pytest.mark.django_db
LETTERS = "aAzZ9%_\\'-漏えウ１é"
PLAIN = str.maketrans({chr(65 + place): chr(97 + place) for place in range(26)})


def test_what_is_found_is_what_reading_every_title_finds() -> None:
    mori = world.actor("mori", "commander")
    titles = ["aA9", "Za%", "z_\\A", "漏えいa", "ウ１é", "É-9", "a'zZ 漏", "\\%_", "ウ", "VPN 接続 Z9"]
    for title in titles:
        opened(mori, title=title)
    plain = {title: title.translate(PLAIN) for title in titles}

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(LETTERS, min_size=1, max_size=3))
    def same(letters: str) -> None:
        found = set(Incident.objects.filter(holding("title", letters)).values_list("title", flat=True))
        if "é" in letters:
            assert found >= {title for title in titles if letters in title}
        else:
            assert found == {title for title in titles if letters.translate(PLAIN) in plain[title]}

    same()


def test_a_part_of_a_reference_finds_its_record_in_either_case() -> None:
    mori = world.actor("mori", "commander")
    first, _ = opened(mori, title="One"), opened(mori, title="Two")
    number = first.ref.split("-", 1)[1]
    for asked in (number, f"inc-{number}", f"nc-{number}", f"{number} one"):
        assert [one.ref for one in records.incidents(mori, q=asked)] == [first.ref], asked
    assert not records.incidents(mori, q=f"{number} two")


@pytest.mark.parametrize(("letters", "great"), [("漏えい", False), ("接続VPN", True), ("réseau", True)])
def test_postgresql_makes_no_letter_great_that_has_no_case(letters: str, great: bool) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(Incident.objects.filter(holding("title", letters)))
    assert connection.vendor == "sqlite" or ("UPPER" in asked.captured_queries[0]["sql"]) is great
