"""Where a site lets nothing out but through a proxy, calls take it; what leads inside is not handed on."""

import socket
import threading
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from hikeshi.kernel.http import Barred, Permitted, proxy, request
from hikeshi.kernel.http.guard import Why
from tests.receivers import Receiver, running

pytestmark = pytest.mark.enable_socket
CREDENTIALS = "Proxy-Authorization: Basic ZGVzazpyaWdodA=="
OUTSIDE = "203.0.114.7"
"""A public address that nobody in this test calls: the proxy leads what is meant for it to a receiver here."""


class Way:
    """A proxy that opens tunnels to one receiver, whatever it is asked for, once it knows who asks."""

    def __init__(self, target: int, answer: bytes = b"") -> None:
        self.target, self.answer = target, answer
        self.asked: list[str] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                wire, _ = self.server.accept()
            except OSError:
                return
            with wire:
                self.one(wire)

    def one(self, wire: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += wire.recv(1)
        said = head.decode()
        self.asked.append(said.split("\r\n", 1)[0])
        if self.answer or CREDENTIALS not in said:
            wire.sendall(self.answer or b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        wire.sendall(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.target)) as there:
            going = threading.Thread(target=_pump, args=(wire, there), daemon=True)
            going.start()
            _pump(there, wire)
            wire.shutdown(socket.SHUT_RDWR)
            going.join(60)


def _pump(begin: socket.socket, end: socket.socket) -> None:
    while read := begin.recv(65536):
        end.sendall(read)


@contextmanager
def through(target: int, answer: bytes = b"", credentials: str = "desk:right@"):
    way = Way(target, answer)
    thread = threading.Thread(target=way.serve, daemon=True)
    thread.start()
    proxy.use(f"http://{credentials}127.0.0.1:{way.port}")
    try:
        yield way
    finally:
        proxy.use("")
        way.server.shutdown(socket.SHUT_RDWR)
        way.server.close()
        thread.join(60)


@pytest.fixture
def there():
    with running(Receiver(lambda request: (200, b"taken", {"Connection": "close"}))) as receiver:
        yield receiver


def ask(url, permitted=Permitted()):  # noqa: B008  # frozen
    return request("POST", url, headers={"Connection": "close"}, body=b"x", permitted=permitted, seconds=5)


def test_what_is_outside_goes_through_the_proxy_with_its_credentials(there):
    with through(there.port) as way:
        assert ask(f"http://{OUTSIDE}/hook").body == b"taken"
    assert way.asked == [f"CONNECT {OUTSIDE}:80 HTTP/1.1"]
    assert there.seen[0].headers["host"] == OUTSIDE
    assert "proxy-authorization" not in there.seen[0].headers


def test_what_leads_inside_is_not_handed_to_the_proxy(there):
    inside = (
        f"http://127.0.0.1:{there.port}/",
        "http://169.254.169.254/",
        "http://[::ffff:10.0.0.1]/",
        "http://router/",
    )
    with through(there.port) as way:
        for url in inside:
            with pytest.raises(Barred) as found:
                ask(url)
            assert found.value.why in {Why.FORBIDDEN, Why.UNREACHABLE}
    assert way.asked == []
    assert there.seen == []


def test_a_host_that_the_site_named_is_called_straight(there):
    with through(there.port) as way:
        assert ask(f"http://127.0.0.1:{there.port}/", Permitted.read([f"127.0.0.1:{there.port}"])).status == 200
    assert way.asked == []


def test_a_name_that_only_the_proxy_knows_is_handed_on(there):
    with through(there.port) as way, patch.object(socket, "getaddrinfo", _knows_numbers_only):
        assert ask("http://hooks.example.com/x").body == b"taken"
    assert way.asked == ["CONNECT hooks.example.com:80 HTTP/1.1"]


_known = socket.getaddrinfo


def _knows_numbers_only(host, *given, **named):
    if not host.replace(".", "").isdigit():
        raise socket.gaierror("no such name")
    return _known(host, *given, **named)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"SSH-2.0-OpenSSH\r\n\r\n"])
def test_a_proxy_that_refuses_is_named_as_the_one_at_fault(there, answer):
    with through(there.port, answer), pytest.raises(Barred) as found:
        ask(f"http://{OUTSIDE}/")
    assert found.value.why is Why.PROXY
    with through(there.port, credentials=""), pytest.raises(Barred) as found:
        ask(f"http://{OUTSIDE}/")
    assert found.value.why is Why.PROXY
    assert there.seen == []


def test_an_address_that_is_no_proxy_is_refused_and_its_password_shown_nowhere():
    for wrong in ("https://proxy:3128", "proxy:3128", "http://", "http://proxy/path", "http://proxy:x"):
        with pytest.raises(proxy.BadProxy):
            proxy.read(wrong)
    known = proxy.read("http://desk:r%40ght@proxy.corp.example")
    assert (known.host, known.port) == ("proxy.corp.example", 3128)
    assert known.credentials not in repr(known)
