"""The parts of a site as they are served: which process answers which paths, behind what. Needs Django set up."""

import gc
import re
from pathlib import Path
from typing import Final, cast

from a2wsgi.wsgi_typing import WSGIApp
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from hikeshi.config import environment, listening
from hikeshi.config.environment import BadEnvironment, Environment
from hikeshi.edge import server
from hikeshi.edge.app import Options
from hikeshi.edge.limits import BadRate, Rates, read_rates
from hikeshi.edge.proxies import Proxies
from hikeshi.edge.server import Place
from hikeshi.edge.syslog import BadSyslog, Ports, read_ports
from hikeshi.edge.wire import unsaid
from hikeshi.web import turned

COLLECTED: Final = (20_000, 5, 80)
"""Objects more than before, and how many collections of a generation before the next one is looked through. With 20 of
the first one page in two hundred waited 110 ms for the second; with 5 it is 40, and no more is spent in all.
"""
FILES: Final = re.compile(
    r"(/api/v1)?/incidents/[^/]+/(files(/[^/]+(/sample\.zip)?)?|export\.zip)"
    r"|/api/v1/indicator_lists/file|/assets/indicators/new"
)
"""Where files come and go; every other body but those of the forms below is small and read whole."""
FORMS: Final = re.compile(r"/report/(near-miss|request|[0-9a-f-]{36}/write)?")
"""What anybody may send files with."""


def site() -> None:
    """Machines and people on one port. Like the two below: serves until SIGTERM; raises BadEnvironment."""
    _serve(machines=True, people=True)


def edge() -> None:
    _serve(machines=True, people=False)


def web() -> None:
    _serve(machines=False, people=True)


def settle() -> None:
    """Once all is loaded: what is there now stays for good and is not looked through again. A page makes and drops some
    thousands of objects; Python's own thresholds stopped one page in a few for the whole heap.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def _serve(*, machines: bool, people: bool) -> None:
    here = environment.read()
    listening.check(here)
    options = Options(
        secret=settings.SECRET_KEY,
        session_cookie=settings.SESSION_COOKIE_NAME,
        proxies=_proxies(here.trusted_proxy),
        rates=_rates(),
        metrics_token=environment.text("HIKESHI_METRICS_TOKEN"),
        machines=machines,
        syslog=_syslog(here),
        people=cast("WSGIApp", get_wsgi_application()) if people else None,
        pages=turned.pages() if people else unsaid,
        files=FILES,
        forms=FORMS,
    )
    certificate = Path(here.certificate) if here.certificate else None
    settle()
    key = Path(here.certificate_key) if here.certificate_key else None
    server.run(Place(here.host, here.port, certificate, key), options)


def _proxies(text: str) -> Proxies:
    try:
        return Proxies.read(text)
    except ValueError as error:
        raise BadEnvironment(f"HIKESHI_TRUSTED_PROXY: {error}") from None


def _syslog(here: Environment) -> Ports:
    try:
        return read_ports(
            environment.text("HIKESHI_SYSLOG"),
            environment.text("HIKESHI_SYSLOG_SENDERS"),
            here.certificate,
            here.certificate_key,
            environment.text("HIKESHI_SYSLOG_AUTHORITY"),
        )
    except BadSyslog as error:
        raise BadEnvironment(str(error)) from None


def _rates() -> Rates:
    try:
        return read_rates(environment.text("HIKESHI_INTAKE_RATE"))
    except BadRate as error:
        raise BadEnvironment(str(error)) from None
