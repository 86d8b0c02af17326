"""Titles that differ in numbers and addresses alone say the same: a firewall writes one for each connection. Pure.

For adding up and for proposing conditions that people look at, never for what an alert is: two that differ in a number
stay two alerts. A number that belongs to a word (``CVE-2021-44228``, ``%ASA-4-106023``, ``db1``) tells things apart and
stays.
"""

import re
from typing import Final

_DIGITS: Final = "0-9\uff10-\uff19"
"""Those of full width too, as Japanese products write them; of no other script, which RE2 would not take for digits."""
_VALUES: Final = re.compile(
    rf"""(?<![\w.…-])(?:
        [0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}  # a UUID
      | (?:[0-9a-f]{{2}}[:-]){{5}}[0-9a-f]{{2}}              # a MAC address
      | (?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}(?:[/:][0-9]{{1,5}})?  # an IPv4 address, with a port or a length
      | (?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{{3,39}}      # an IPv6 address
      | 0x[0-9a-f]+ | (?=[a-f]*[0-9])[0-9a-f]{{16,}}     # a number or a hash in hexadecimal
      | [{_DIGITS}]+(?:[.,:/][{_DIGITS}]+)*%?             # a number, a time, a share
    )(?![\w…-])""",
    re.IGNORECASE | re.VERBOSE,
)
_MEANT: Final = re.compile(r'[\\.+*?()|\[\]{}^$"]')
"""What a pattern would read as something else; the rest stays as people read it."""
_VALUE: Final = f"[{_DIGITS}A-Fa-fXx.:/,%-]+"
ANY: Final = "…"
FEWEST: Final = 4
"""Letters by which a title still says something."""


def shape(title: str) -> str:
    """The title with a mark for each number and address; the title itself where hardly a word would be left."""
    found = _VALUES.sub(ANY, title)
    return found if sum(map(str.isalpha, found)) >= FEWEST else title


def pattern(title: str) -> str:
    """Fits whole titles of this one's shape (RE2)."""
    return _VALUE.join(_MEANT.sub(r"\\\g<0>", piece) for piece in _VALUES.split(title))
