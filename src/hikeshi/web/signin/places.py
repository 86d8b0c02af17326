"""Where this site is, as browsers see it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def host(request: HttpRequest) -> str:
    """What passkeys are bound to: the declared public name, or the name the browser used."""
    declared = urlsplit(settings.PUBLIC_URL).hostname
    return declared or split_domain_port(request.get_host())[0].strip("[]")


def address(request: HttpRequest, path: str = "") -> str:
    """A link for somebody else: of the declared public name, whatever name this request came under."""
    return (settings.PUBLIC_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}") + path


def passkeys_possible(request: HttpRequest) -> bool:
    """Browsers bind passkeys to names, never to bare addresses, and want TLS anywhere but on ``localhost``."""
    name = host(request)
    try:
        ip_address(name)
    except ValueError:
        return request.is_secure() or name == "localhost" or name.endswith(".localhost")
    return False
