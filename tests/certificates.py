"""Certificates for servers of a test, each its own authority; and a line under TLS to a server that speaks plainly."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hikeshi.kernel.clock import now

Files = tuple[Path, Path]


def certificate(folder: Path, name: str, *, old: bool = False) -> Files:
    """For this name or address; ``old``: it ended yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    numeric = name.replace(".", "").isdigit()
    named = x509.IPAddress(ipaddress.ip_address(name)) if numeric else x509.DNSName(name)
    signed = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=9))
        .not_valid_after(now() + timedelta(days=-1 if old else 9))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}{old}.pem", folder / f"{name}{old}.key"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files


@contextmanager
def under_tls(files: Files, port: int) -> Iterator[int]:
    """The port at which the server at ``port`` is reached under TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    ear = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()
    ear.settimeout(0.1)
    threads: list[threading.Thread] = []

    def listen() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                one, _ = ear.accept()
                threads.append(threading.Thread(target=_carry, args=(context, one, port, ended)))
                threads[-1].start()

    listening = threading.Thread(target=listen)
    listening.start()
    try:
        yield ear.getsockname()[1]
    finally:
        ended.set()
        listening.join()
        for thread in threads:
            thread.join()
        ear.close()


def _carry(context: ssl.SSLContext, one: socket.socket, port: int, ended: threading.Event) -> None:
    """Both ways, until one side hangs up. A caller that does not like the certificate is gone at once."""
    with one, suppress(OSError):
        one.settimeout(60)
        with context.wrap_socket(one, server_side=True) as near, socket.create_connection(("127.0.0.1", port)) as far:
            near.settimeout(0.02)
            far.settimeout(0.02)
            while not ended.is_set() and _pass(near, far) and _pass(far, near):
                continue


def _pass(source: socket.socket, target: socket.socket) -> bool:
    """Whether the line is still up."""
    try:
        found = source.recv(65_536)
    except TimeoutError:
        return True
    target.sendall(found)
    return bool(found)
