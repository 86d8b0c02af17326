"""Opens a mailbox once, step by step, and says how far it came. Changes nothing there: the folder is only looked at."""

import ssl
from dataclasses import dataclass
from typing import Final

from hikeshi.kernel.http import Barred
from hikeshi.kernel.http.guard import resolve
from hikeshi.notify.handing import Failed, Setup
from hikeshi.notify.replies.imap import Mailbox, Step, asks, place_of
from hikeshi.notify.tokens import NoToken, Way, forget

SECONDS: Final = 10.0
"""Of each step: somebody waits for the page."""
_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Tried:
    """``failed`` is the step that did not go well, None where all did; ``trouble`` a code, ``detail`` what TLS or who
    gives tokens says. ``by_token``: no password is shown.
    """

    security: str
    failed: Step | None = None
    trouble: str = ""
    detail: str = ""
    by_token: bool = False

    @property
    def steps(self) -> tuple[tuple[Step, str], ...]:
        """Each step in its order: done, failed, or left."""
        secured = {"tls": (Step.TLS, Step.GREETING), "starttls": (Step.GREETING, Step.TLS)}
        middle = secured.get(self.security, (Step.GREETING,))
        order = (Step.NAME, Step.REACH, *middle, *([Step.TOKEN] if self.by_token else []), Step.SIGN_IN, Step.FOLDER)
        last = order.index(self.failed) if self.failed is not None else len(order)
        states = ("done" if at < last else "failed" if at == last else "left" for at in range(len(order)))
        return tuple(zip(order, states, strict=True))


def attempt(setup: Setup) -> Tried:
    """Takes some seconds."""
    where, noted = place_of(setup), [Step.NAME]
    ask = asks(setup)
    by_token = ask.way is not Way.PASSWORD
    forget(ask)  # one from yesterday would say nothing of what is set up now
    try:
        resolve(where.host, where.port, where.within)
        Mailbox(setup, note=noted.append, seconds=SECONDS).close()
    except Barred as barred:
        why = "no_name" if barred.why == "unreachable" else barred.why.value
        return Tried(where.security, Step.NAME, why, by_token=by_token)
    except Failed as failed:
        return Tried(where.security, noted[-1], failed.fault.code, _detail(failed), by_token)
    return Tried(where.security, by_token=by_token)


def _detail(failed: Failed) -> str:
    if isinstance(failed, NoToken):
        return failed.said
    cause = failed.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return str(cause.verify_message)[:_WORDS]
    return str(cause.reason)[:_WORDS] if isinstance(cause, ssl.SSLError) else ""
