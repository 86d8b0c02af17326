from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Site, site


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for the tests of a module; they do not disturb each other."""
    with site(Path(tmp_path_factory.mktemp("desk")), HIKESHI_INTAKE_RATE="20000,wazuh=5") as running:
        yield running
