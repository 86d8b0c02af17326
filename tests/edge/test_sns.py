"""Amazon SNS at the door: a topic that the site named, from SNS's question to the alert; and everybody else."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hikeshi.intake.sources.book import FOLDER
from tests.amazon import ARN, HOST, PEM, Signer, envelope
from tests.certificates import certificate
from tests.running import Site, eventually, site

pytestmark = pytest.mark.enable_socket
DOOR = "/intake/v1/cloudwatch"
PLAIN = {"Content-Type": "text/plain; charset=UTF-8"}


class Amazon:
    """A proxy for calls to the outside that leads to SNS's own name here, under a certificate of its own, and what is
    visited there.
    """

    def __init__(self, signer: Signer, files: tuple[Path, Path]) -> None:
        self.signer, self.visited, self.ill = signer, [], False
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*files)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                wire, _ = self.server.accept()
            except OSError:
                return
            with wire:
                wire.settimeout(60)
                self.one(wire)

    def one(self, wire: socket.socket) -> None:
        target = _head(wire).split()[1]
        if target != f"{HOST}:443":
            self.visited.append(target)
            wire.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with self.context.wrap_socket(wire, server_side=True) as near:
            path = _head(near).split()[1]
            self.visited.append(path)
            body = self.signer.pem if path == PEM else b"<ConfirmSubscriptionResponse/>"
            status = b"500 Ill" if self.ill else b"200 OK"
            near.sendall(
                b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
            )


def _head(wire: socket.socket) -> str:
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        one = wire.recv(1)
        if not one:
            return "GET nothing"
        read += one
    return read.decode()


@contextmanager
def amazon(folder: Path) -> Iterator[Amazon]:
    there = Amazon(Signer.made(folder), certificate(folder, HOST))
    thread = threading.Thread(target=there.serve, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        there.server.shutdown(socket.SHUT_RDWR)
        there.server.close()
        thread.join(60)


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[Amazon]:
    with amazon(tmp_path_factory.mktemp("amazon")) as found:
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory, there) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("desk")
    trusted, _ = certificate(folder, HOST)
    there.context.load_cert_chain(trusted, folder / f"{HOST}False.key")
    settings = {"HIKESHI_OUTGOING_PROXY": f"http://127.0.0.1:{there.port}", "SSL_CERT_FILE": str(trusted)}
    with site(folder / "var", **settings) as running:
        yield running


def post(desk: Site, message: dict[str, str], door: str = DOOR, **headers: str):
    kind = {"X-Amz-Sns-Message-Type": message.get("Type", "Notification"), **PLAIN, **headers}
    return desk.post(door, json.dumps(message).encode(), headers=kind)


def allow(desk: Site, arn: str, source: str = "cloudwatch") -> str:
    key = desk.run("token", "create", "--user", "admin").stdout.split()[-1]
    made = desk.post(f"/api/v1/sources/{source}/topics", {"arn": arn}, token=key)
    assert made.status == 201, made.body
    return key


def state(desk: Site, key: str, arn: str, source: str = "cloudwatch") -> tuple[str, str]:
    found = desk.get(f"/api/v1/sources/{source}/topics", token=key).json()["items"]
    return next((one["state"], one["trouble"]) for one in found if one["arn"] == arn)


def alarm() -> str:
    return json.loads((FOLDER / "cloudwatch/samples/sns_notification_alarm.json").read_text())["Message"]


def test_a_topic_that_was_named_is_confirmed_taken_and_ended_and_each_is_seen(desk, there):
    question = there.signer.sign(envelope("SubscriptionConfirmation", "You have chosen to subscribe"), "1")
    assert post(desk, question).status == 401, "nobody named this topic yet"
    assert there.visited == [], "nothing is fetched for a stranger"
    key = allow(desk, ARN)
    assert eventually(lambda: post(desk, question).status == 200)
    eventually(lambda: state(desk, key, ARN) == ("confirmed", ""))
    assert question["SubscribeURL"].removeprefix(f"https://{HOST}") in there.visited

    for version in ("1", "2"):
        message = there.signer.sign(envelope("Notification", alarm()), version)
        before = desk.metric("hikeshi_intake_accepted_total")
        first = post(desk, message)
        assert first.status == 202, first.body
        assert post(desk, message).json() == first.json(), "SNS sends again what it thinks was lost"
        assert desk.metric("hikeshi_intake_accepted_total") == before + 1
    eventually(lambda: desk.get("/api/v1/alerts", token=key).json()["items"])
    found = desk.get("/api/v1/alerts", token=key).json()["items"]
    assert [(one["source"], one["title"]) for one in found] == [("cloudwatch", "bucketbytesAlarm")]
    assert there.visited.count(PEM) == 1, "the certificate is fetched once"

    farewell = there.signer.sign(envelope("UnsubscribeConfirmation", "You have chosen to deactivate"), "2")
    visits = len(there.visited)
    assert post(desk, farewell).status == 200
    assert state(desk, key, ARN) == ("ended", "")
    assert len(there.visited) == visits, "an end is not undone by itself"


def test_what_is_not_signed_by_a_named_topic_is_refused_whatever_it_says(desk, there, tmp_path):
    allow(desk, ARN, "guardduty")
    stranger = Signer.made(tmp_path)
    good = there.signer.sign(envelope("Notification", "{}"), "2")
    other = envelope("Notification", "{}", ARN + "-of-somebody-else")
    door = "/intake/v1/guardduty"
    eventually(lambda: post(desk, good, door).status == 202)
    visits = list(there.visited)
    for wrong in (
        {**good, "Message": '{"x": 1}'},
        stranger.sign(envelope("Notification", "{}"), "2"),
        there.signer.sign(other, "2"),
        {**good, "Signature": ""},
        there.signer.sign({**envelope("Notification", "{}"), "SigningCertURL": f"https://evil.example{PEM}"}, "2"),
        there.signer.sign({**envelope("SubscriptionConfirmation", "x"), "SubscribeURL": "https://evil.example/"}, "2"),
        {"Type": "Notification"},
    ):
        answer = post(desk, wrong, door)
        assert (answer.status, answer.json()["code"]) == (401, "unauthorised"), wrong
        assert answer.headers["www-authenticate"].startswith("Basic"), "so that SNS sends the password of its address"
    assert post(desk, good, "/intake/v1/wazuh").status == 401, "named for one source, it opens no other"
    assert post(desk, good, "/intake/v1/nothing").status in {401, 404}
    assert there.visited == visits, "nothing was visited for any of them"


def test_what_sns_delivers_raw_bears_the_token_of_its_address(desk):
    token = desk.token("--source", "cloudwatch")
    raw = {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Rawdelivery": "true", **PLAIN}
    refused = desk.post(DOOR, alarm().encode(), headers=raw)
    assert (refused.status, refused.headers["www-authenticate"]) == (401, 'Basic realm="hikeshi"')
    taken = eventually(lambda: (a := desk.post(DOOR, alarm().encode(), headers=raw, token=token)).status == 202 and a)
    assert taken.json()["receipt"]


def test_a_certificate_that_cannot_be_fetched_asks_sns_to_send_again(desk, there):
    arn = f"{ARN}-late"
    key = allow(desk, arn)
    message = envelope("Notification", alarm(), arn)
    message["SigningCertURL"] = message["SigningCertURL"].replace("0123456789abcdef0", "f123456789abcdef0")
    there.ill = True
    answer = eventually(lambda: (a := post(desk, there.signer.sign(message))).status == 503 and a)
    assert int(answer.headers["retry-after"]) > 0
    question = there.signer.sign(envelope("SubscriptionConfirmation", "x", arn), "2")
    assert post(desk, question).status == 200
    eventually(lambda: state(desk, key, arn) == ("asked", "refused"))
    there.ill = False
    topic = next(o for o in desk.get("/api/v1/sources/cloudwatch/topics", token=key).json()["items"] if o["arn"] == arn)
    assert desk.post(f"/api/v1/topics/{topic['uuid']}/again", {}, token=key).status == 200
    eventually(lambda: state(desk, key, arn) == ("confirmed", ""))
