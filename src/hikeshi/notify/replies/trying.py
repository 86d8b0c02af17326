"""Opens a mailbox once, step by step, and says how far it came. Changes nothing there: the folder is only looked at."""

import ssl
from dataclasses import dataclass
from typing import Final

from hikeshi.kernel.http import Barred
from hikeshi.kernel.http.guard import resolve
from hikeshi.notify.handing import Failed, Setup
from hikeshi.notify.replies.imap import Mailbox, Step, place_of

SECONDS: Final = 10.0
"""Of each step: somebody waits for the page."""
_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Tried:
    """``failed`` is the step that did not go well, None where all did; ``trouble`` a code, ``detail`` what TLS says."""

    security: str
    failed: Step | None = None
    trouble: str = ""
    detail: str = ""

    @property
    def steps(self) -> tuple[tuple[Step, str], ...]:
        """Each step in its order: done, failed, or left."""
        secured = {"tls": (Step.TLS, Step.GREETING), "starttls": (Step.GREETING, Step.TLS)}
        middle = secured.get(self.security, (Step.GREETING,))
        order = (Step.NAME, Step.REACH, *middle, Step.SIGN_IN, Step.FOLDER)
        last = order.index(self.failed) if self.failed is not None else len(order)
        states = ("done" if at < last else "failed" if at == last else "left" for at in range(len(order)))
        return tuple(zip(order, states, strict=True))


def attempt(setup: Setup) -> Tried:
    """Takes some seconds."""
    where, noted = place_of(setup), [Step.NAME]
    try:
        resolve(where.host, where.port, where.within)
        Mailbox(setup, note=noted.append, seconds=SECONDS).close()
    except Barred as barred:
        return Tried(where.security, Step.NAME, "no_name" if barred.why == "unreachable" else barred.why.value)
    except Failed as failed:
        return Tried(where.security, noted[-1], failed.fault.code, _detail(failed))
    return Tried(where.security)


def _detail(failed: Failed) -> str:
    cause = failed.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return str(cause.verify_message)[:_WORDS]
    return str(cause.reason)[:_WORDS] if isinstance(cause, ssl.SSLError) else ""
