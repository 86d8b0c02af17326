"""``/metrics`` in Prometheus' text form. Alerts are counted in tables, in the transactions that move them: exact across
restarts and processes. Timings are this process's own.

It tells volumes, never names of tenants, people or incidents. Whoever asks from this machine may read it; from
elsewhere HIKESHI_METRICS_TOKEN must be set and sent as a bearer token.
"""

import asyncio
import hmac
import ipaddress
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from django.db import Error, close_old_connections
from prometheus_client import CollectorRegistry, Counter, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from hikeshi.edge.wire import Answer, Refused, Request
from hikeshi.intake import queries as intake
from hikeshi.intake.inbox import beats, gauges, place
from hikeshi.kernel.clock import now
from hikeshi.ledger import reactions, tail

PATH: Final = "/metrics"
CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(slots=True, eq=False)
class Timings:
    """A histogram that only the event loop's thread adds to: the library's own takes two locks for each value."""

    seconds: float = 0.0
    _counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))

    def observe(self, seconds: float) -> None:
        self.seconds += seconds
        self._counts[bisect_left(BUCKETS, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        limits = [*map(str, BUCKETS), "+Inf"]
        yield HistogramMetricFamily(
            "hikeshi_intake_ack_seconds",
            "From the request's head to its answer, accepted alerts only, this process.",
            buckets=list(zip(limits, accumulate(self._counts), strict=True)),
            sum_value=self.seconds,
        )


@dataclass(slots=True)
class Metrics:
    _pool: ThreadPoolExecutor
    _token: str
    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=False))
    acknowledged: Timings = field(default_factory=Timings)
    refused: Counter = field(init=False)

    def __post_init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # its makers left it without annotations
        self.registry.register(Kept())
        self.registry.register(self.acknowledged)
        self.refused = Counter(
            "hikeshi_intake_refused", "Requests of detectors turned away.", ["code"], registry=self.registry
        )

    async def answer(self, request: Request, *, local: bool) -> Answer:
        """Raises Refused (401, 503)."""
        if not (local and _loopback(request.address)) and not self._knows(request):
            raise Refused(401, "unauthorised", "Metrics are read from this machine, or with HIKESHI_METRICS_TOKEN.")
        try:
            body = await asyncio.get_running_loop().run_in_executor(self._pool, self._text)
        except Error:
            raise Refused(503, "storage", "The database cannot be read at the moment.", retry_after=5) from None
        return Answer(200, body, CONTENT_TYPE)

    def _knows(self, request: Request) -> bool:
        scheme, _, secret = request.header(b"authorization").partition(" ")
        same = hmac.compare_digest(secret.strip().encode(), self._token.encode())
        return bool(self._token) and scheme.lower() == "bearer" and same

    def _text(self) -> bytes:
        close_old_connections()
        return generate_latest(self.registry)


@dataclass(slots=True, eq=False)
class LostLines:
    """Lines of syslog that were not taken, by why; syslog has no answer that could say so."""

    counts: Mapping[str, int]

    def collect(self) -> Iterator[Metric]:
        found = CounterMetricFamily("hikeshi_syslog_lost", "Lines of syslog not taken, this process.", labels=["why"])
        for why, count in sorted(self.counts.items()):
            found.add_metric([why], count)
        yield found


class Kept:
    """What the tables count. ``digested`` is read before ``accepted``, so it never seems to be ahead."""

    def collect(self) -> Iterator[Metric]:
        kept = intake.totals()
        inbox = place.inbox().totals()
        yield _counter("hikeshi_intake_accepted", "Alerts acknowledged to their senders.", inbox.accepted)
        yield _counter(
            "hikeshi_intake_digested", "Accepted alerts worked through, parked ones included.", kept.digested
        )
        yield _gauge("hikeshi_inbox_pending", "Accepted alerts not yet digested.", inbox.accepted - kept.digested)
        yield _counter("hikeshi_alerts", "Rows of the alert queue ever made.", kept.alerts)
        yield _gauge("hikeshi_intake_parked", "Alerts kept aside because they could not be read.", kept.parked)
        yield _counter("hikeshi_ledger_entries", "The number of the ledger's last entry.", tail.head())
        yield _gauge(
            "hikeshi_ledger_parked",
            "Entries that a reaction failed on, waiting to be tried again.",
            reactions.waiting(),
        )
        failed = gauges.shown(gauges.CANARY_FAILED)
        yield _gauge("hikeshi_canary_failed", "1 while the last canary did not come through.", failed)
        ages = GaugeMetricFamily(
            "hikeshi_loop_age_seconds", "Since the last good round of an engine loop.", labels=["loop"]
        )
        for pulse in beats.pulses():
            ages.add_metric([pulse.loop], (now() - pulse.at).total_seconds())
        yield ages


def _counter(name: str, says: str, value: int) -> Metric:
    return CounterMetricFamily(name, says, value=value)


def _gauge(name: str, says: str, value: int) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
