"""What an HTTP provider's answer means. One reading for all channels."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hikeshi.kernel import clock
from hikeshi.kernel.http import Barred
from hikeshi.kernel.http.guard import Why
from hikeshi.notify.handing import Fault

_PASSING = frozenset({Why.UNREACHABLE, Why.TIMEOUT, Why.PROXY})


def fault_of(status: int, retry_after: str, *, address_at_fault: bool) -> Fault | None:
    """None where it was taken. ``address_at_fault``: whether the address itself is what a 401 or 404 speaks of."""
    if 200 <= status < 300:
        return None
    if status == 429 or (status == 503 and retry_after):
        return Fault("busy", passing=True, retry_after=seconds(retry_after), status=status)
    if status in {408, 500, 502, 503, 504}:
        return Fault("provider", passing=True, unsure=status == 504, status=status)
    if status in {401, 403}:
        code = "refused_address" if address_at_fault else "unauthorised"
        return Fault(code, of_the_way=address_at_fault, status=status)
    if status in {404, 410}:
        return Fault("refused_address", of_the_way=True, status=status)
    return Fault("refused", status=status)


def fault_of_call(barred: Barred, *, address_at_fault: bool) -> Fault:
    of_the_way = address_at_fault and barred.why in {Why.ADDRESS, Why.FORBIDDEN}
    return Fault(
        barred.why.value,
        passing=barred.why in _PASSING,
        unsure=barred.why is Why.TIMEOUT,
        of_the_way=of_the_way,
    )


def wait_of(headers: Mapping[str, str]) -> str:
    """How long the provider asks to be left alone: Retry-After, or what LINE WORKS and Mattermost name instead
    (https://developers.worksmobile.com/en/docs/rate-limits).
    """
    named = (headers.get(name, "") for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"))
    return next((one for one in named if one), "")


def seconds(text: str) -> float | None:
    """Retry-After: seconds, or a date (RFC 9110 10.2.3); what is neither is not there."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) < 10:
        return float(plain)
    try:
        at = parsedate_to_datetime(plain)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - _now()).total_seconds(), 0.0)


def _now() -> datetime:
    return clock.now()
