"""Readiness follows the engine's beat."""

from datetime import timedelta

from hikeshi.edge.health import checks
from hikeshi.intake.inbox import beats
from hikeshi.kernel.clock import now
from tests.world import clock


def test_a_desk_whose_engine_never_began_or_stopped_is_not_ready():
    assert checks()["engine"] is False
    beats.beat({"digest": now(), "react": now()}, {})
    assert all(checks().values())
    clock.fast_forward(timedelta(seconds=50))
    beats.beat({"digest": now(), "react": now() - timedelta(seconds=50)}, {"react": "OperationalError: locked"})
    assert checks()["engine"] is True
    clock.fast_forward(timedelta(seconds=11))
    assert checks()["engine"] is False
    assert [(pulse.loop, pulse.late, pulse.error) for pulse in beats.pulses()] == [
        ("digest", False, ""),
        ("react", True, "OperationalError: locked"),
    ]
