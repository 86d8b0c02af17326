"""What the queue and the room ask for must not grow with all a site ever received."""

import pytest
from django.db import connection

from hikeshi.intake import queries as intake
from tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how much there is: nothing, here")
@pytest.mark.parametrize(
    ("case", "index"), [("incident:0", "intake_alert_of_case"), ("INC-2026-0001", "intake_alert_of_ref")]
)
def test_the_alerts_of_one_case_are_found_by_an_index_that_is_theirs(case: str, index: str) -> None:
    world.site()
    world.person("commander", "commander")
    found = intake.alerts(world.actor("commander", "commander"), case=case)[:9].explain()
    assert index in found
