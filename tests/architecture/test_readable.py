"""Whatever process reads the ledger knows every fact: `hikeshi verify` loads no page, and a row written by a fact that
is unknown there counts as one that nobody wrote.
"""

import json
import subprocess
import sys
from pathlib import Path

import hikeshi

SCRIPT = """
import json, sys, django
django.setup()
json.dump(sorted(name for name in sys.modules if name.startswith("hikeshi.")), sys.stdout)
"""


def test_every_fact_is_known_before_any_page_is_loaded() -> None:
    package = Path(hikeshi.__file__).parent
    wanted = {f"hikeshi.{path.parent.name}.facts" for path in package.glob("*/facts.py")}
    wanted |= {f"hikeshi.{path.parent.parent.name}.facts" for path in package.glob("*/facts/__init__.py")}
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=100)
    assert wanted
    assert sorted(wanted - set(json.loads(said.stdout))) == []
