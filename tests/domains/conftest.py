from collections.abc import Iterator

import pytest

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger import reactions
from hikeshi.ledger.models import Parked
from hikeshi.ledger.verify import verify
from tests import world


@pytest.fixture
def listening() -> Iterator[None]:
    """Whoever reacts to facts hears them; at the end nothing has stumbled, and the rows are what the ledger says."""
    reactions.begin()
    yield
    while reactions.step(clock.now()):
        pass
    assert not Parked.objects.exclude(error="").exists()
    assert verify(state=True).findings == ()


@pytest.fixture
def mori() -> Actor:
    return world.actor("mori", "commander")
