"""A voice on the telephone, by a program the site brings: what to say goes to its input, the number is among its words.

No shell is asked: a number or a text is never read as a command. Exit 0: the call was placed; what it prints first
is its name. Exit 75 (EX_TEMPFAIL): later.
"""

import subprocess
from typing import Final

from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

SECONDS: Final = 30
LATER: Final = 75
_SURROUNDINGS: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


class Voice:
    """Plain: command, a word of it on each line; ``{number}``, ``{extension}`` and ``{language}`` are filled in."""

    form = Form.SPOKEN
    makes_ready = False

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        number, _, extension = parcel.way.address.partition(";ext=")
        filled = {"{number}": number, "{extension}": extension, "{language}": parcel.language}
        words = [_fill(line.strip(), filled) for line in setup.plain.get("command", "").splitlines() if line.strip()]
        if not words:
            raise Failed(Fault("not_set_up"))
        try:
            done = subprocess.run(  # noqa: S603  # the words are the administrator's, and no shell reads them
                words,
                input=parcel.text.encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env=_SURROUNDINGS,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise Failed(Fault("timeout", passing=True, unsure=True)) from None
        except OSError:
            raise Failed(Fault("not_set_up")) from None
        if done.returncode == LATER:
            raise Failed(Fault("busy", passing=True))
        if done.returncode != 0:
            raise Failed(Fault("command", passing=True))
        first = done.stdout.decode("utf-8", "replace").strip().split("\n", 1)[0]
        return Handed(first[:200])


def _fill(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(name, value)
    return word
