"""Who can reach the desk. Beyond this machine only behind a certificate or a declared proxy (DESIGN §6.14)."""

import ipaddress
from pathlib import Path

from hikeshi.config.environment import BadEnvironment, Environment


def check(site: Environment) -> None:
    """Raises BadEnvironment where strangers could listen in."""
    if not _loopback(site.host) and not site.certificate and not site.trusted_proxy:
        raise BadEnvironment(
            f"HIKESHI_HOST={site.host} is open to other machines: set HIKESHI_CERTIFICATE and HIKESHI_CERTIFICATE_KEY, "
            "or declare the proxy in front with HIKESHI_TRUSTED_PROXY."
        )
    if bool(site.certificate) != bool(site.certificate_key):
        raise BadEnvironment("HIKESHI_CERTIFICATE and HIKESHI_CERTIFICATE_KEY belong together: set both or neither.")
    for file in filter(None, (site.certificate, site.certificate_key)):
        if not Path(file).is_file():
            raise BadEnvironment(f"{file} is not a file.")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
