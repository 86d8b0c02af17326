"""All of them, in the order they are shown."""

from collections.abc import Mapping
from typing import Final

from hikeshi.finding.kinds.alerts import ALERTS
from hikeshi.finding.kinds.assets import ASSETS
from hikeshi.finding.kinds.findable import Findable
from hikeshi.finding.kinds.incidents import INCIDENTS
from hikeshi.finding.kinds.people import PEOPLE

KINDS: Final[Mapping[str, Findable]] = {one.kind: one for one in (INCIDENTS, ALERTS, ASSETS, PEOPLE)}
