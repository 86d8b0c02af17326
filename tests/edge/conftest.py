from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Site, free_port, site


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for the tests of a module; they do not disturb each other."""
    settings = {
        "HIKESHI_INTAKE_RATE": "20000,wazuh=5",
        "HIKESHI_SYSLOG": f"udp:127.0.0.1:{free_port()},tcp:127.0.0.1:{free_port()}",
        "HIKESHI_SYSLOG_SENDERS": "127.0.0.1=syslog",
    }
    with site(Path(tmp_path_factory.mktemp("desk")), **settings) as running:
        yield running
