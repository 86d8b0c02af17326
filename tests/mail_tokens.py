"""Who gives tokens, written from what Microsoft and Google document; over HTTPS. And an IMAP server that takes them."""

import base64
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hikeshi.kernel.http import client
from hikeshi.notify.channels import mail
from hikeshi.notify.replies import imap
from tests.certificates import Files, certificate, under_tls
from tests.receivers import Answer, Receiver, Request, running

SECRET, REFRESH = "the-client-secret", "the-refresh-token"
USER = "desk@example.jp"

# pymap with XOAUTH2: what a token is worth stands in a file, a line for each that is taken.
SERVER = """
import pathlib, sys
from pysasl import SASLAuth
from pysasl.mechanism import ServerChallenge, ServerMechanism
from pysasl.creds.plain import PlainCredentials
from pymap import main
taken = pathlib.Path(sys.argv.pop(1))
class Tokens(ServerMechanism):
    def server_attempt(self, responses):
        if not responses:
            raise ServerChallenge(b"")
        user, _, rest = responses[0].response.decode().removeprefix("user=").partition(chr(1) + "auth=Bearer ")
        if user + " " + rest.removesuffix(chr(1) * 2) not in taken.read_text().split(chr(10)):
            if len(responses) == 1:
                raise ServerChallenge(b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}')
            assert responses[1].response == b""
            return PlainCredentials(user, "wrong"), None
        return PlainCredentials("desk", "right"), None
SASLAuth.defaults = classmethod(lambda cls: cls([Tokens(b"XOAUTH2")]))
main.main()
"""


def by_token(folder: Path) -> list[str]:
    """The command of the IMAP server."""
    script = folder / "server.py"
    script.write_text(SERVER)
    (folder / "taken").write_text("")
    return [sys.executable, str(script), str(folder / "taken")]


@dataclass
class Service:
    """``paths``: of the token service; ``given``: the tokens in the order they were given. ``life`` in seconds.
    ``raw`` is said instead of any of it.
    """

    taken: Path
    files: Files
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    given: list[str] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    life: object = 3599
    port: int = 0
    stands: bool = True
    raw: bytes = b""

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/token"

    @property
    def service_key(self) -> str:
        """As Google's console gives it."""
        plain = serialization.NoEncryption()
        pem = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()
        return json.dumps({"type": "service_account", "client_email": "sa@project.example", "private_key": pem})

    def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        said = request.form()
        kind = request.headers.get("content-type")
        if request.method != "POST" or kind != "application/x-www-form-urlencoded" or request.query:
            return 400, {"error": "invalid_request"}
        wrong = {
            "client_credentials": self._of_microsoft,
            "urn:ietf:params:oauth:grant-type:jwt-bearer": self._of_a_service,
            "refresh_token": self._of_an_account,
        }.get(said.get("grant_type", ""), lambda _: {"error": "unsupported_grant_type"})(said)
        if wrong:
            return 401, wrong
        if self.raw:
            return 200, self.raw
        self.given.append(f"ya29.token-{len(self.given)}")
        if self.stands:
            self.take(self.given[-1])
        return 200, {"token_type": "Bearer", "expires_in": self.life, "access_token": self.given[-1]}

    def take(self, *tokens: str) -> None:
        """The mail server takes these alone."""
        self.taken.write_text("\n".join(f"{USER} {one}" for one in tokens))

    def _of_microsoft(self, said: dict[str, str]) -> dict[str, str] | None:
        if said.get("scope") != "https://outlook.office365.com/.default":
            return {"error": "invalid_scope", "error_description": "AADSTS70011: The provided value is not valid."}
        if (said.get("client_id"), said.get("client_secret")) != ("the-client", SECRET):
            told = f"AADSTS7000215: Invalid client secret provided: {said.get('client_secret')}."
            return {"error": "invalid_client", "error_description": told}
        return None

    def _of_an_account(self, said: dict[str, str]) -> dict[str, str] | None:
        known = (said.get("client_id"), said.get("client_secret"), said.get("refresh_token"))
        return None if known == ("the-client", SECRET, REFRESH) else {"error": "invalid_grant"}

    def _of_a_service(self, said: dict[str, str]) -> dict[str, str] | None:
        head, claims, seal = said.get("assertion", "..").split(".")
        try:
            signed = f"{head}.{claims}".encode()
            self.key.public_key().verify(_raw(seal), signed, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        told = json.loads(_raw(claims))
        right = (told["iss"], told["sub"], told["scope"], told["aud"])
        if (
            right != ("sa@project.example", USER, "https://mail.google.com/", self.url)
            or told["exp"] - told["iat"] > 3600
        ):
            return {"error": "unauthorized_client"}
        return None


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def giving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Over HTTPS, and this machine believes its certificate, that of 127.0.0.1."""
    files = certificate(folder, "127.0.0.1")
    context = ssl.create_default_context(cafile=files[0])
    for module in (client, imap, mail):
        monkeypatch.setattr(module, "trust", lambda: context)
    one = Service(folder / "taken", files)
    with running(Receiver(one.answer)) as there, under_tls(files, there.port) as port:
        one.port = port
        yield one


@contextmanager
def standing(folder: Path, port: int) -> Iterator[None]:
    words = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve", "dict"]
    users = ["--demo-data", "--demo-user", "desk", "--demo-password", "right"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*by_token(folder), *words, *users], **quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
