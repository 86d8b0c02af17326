"""Files through the API: the body is the file, the answer its hash."""

import hashlib
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.http import HttpResponse

from hikeshi.incidents.models import Attachment, Incident
from hikeshi.incidents.vaulting import vault
from tests import world
from tests.api.calling import Caller, body, browser, problem, program
from tests.domains.incidents import opened

CONTENT = bytes(range(256)) * 9_000


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_ROOT = tmp_path


@pytest.fixture
def made() -> Incident:
    return opened(world.actor("chief", "commander"))


def sent(who: Caller, made: Incident, content: bytes = CONTENT, name: str = "dump.bin", **headers: str) -> HttpResponse:
    headers.setdefault("Content-Type", "application/octet-stream")
    return who.ask("POST", f"incidents/{made.ref}/files?name={quote(name)}", raw=content, **headers)


@pytest.mark.parametrize("caller", [program, browser])
def test_a_file_goes_in_and_comes_out_as_it_was(made: Incident, caller) -> None:
    chief = caller(world.person("chief"))
    answer = sent(chief, made, name="../ﾏｸﾛ.xlsm")
    assert answer.status_code == 201
    said = body(answer)
    assert (said["name"], said["size"], said["given"]) == ("ﾏｸﾛ.xlsm", len(CONTENT), True)
    assert said["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert body(chief.get(f"incidents/{made.ref}/files"))["items"] == [said]
    fetched = chief.get(f"incidents/{made.ref}/files/{said['uuid']}")
    assert b"".join(fetched.streaming_content) == CONTENT
    assert fetched["Content-Length"] == str(len(CONTENT))
    assert fetched["Content-Disposition"].startswith("attachment")
    assert fetched["Content-Security-Policy"].startswith("sandbox")


def test_what_cannot_be_taken_is_a_problem_with_its_reason(made: Incident, settings: LazySettings) -> None:
    chief = program(world.person("chief"))
    problem(sent(chief, made, **{"Content-Type": "multipart/form-data; boundary=x"}), 415, "not_bytes")
    problem(sent(chief, made, Idempotency_Key="k"), 422, "invalid")
    problem(
        chief.ask("POST", f"incidents/{made.ref}/files", raw=b"x", Content_Type="application/octet-stream"),
        422,
        "invalid",
    )
    settings.FILE_LIMIT = 1_000
    problem(sent(chief, made), 413, "too_large")
    settings.DISK_SPARE = 10**18
    problem(sent(chief, made, b"x"), 507, "no_room")
    assert not [path for path in vault().root.rglob("*") if path.is_file()]
    assert not Attachment.objects.exists()


def test_a_damaged_file_is_gone_and_says_so(made: Incident) -> None:
    chief = program(world.person("chief"))
    said = body(sent(chief, made, b"x"))
    (path,) = [path for path in vault().root.rglob("*") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-1])
    problem(chief.get(f"incidents/{made.ref}/files/{said['uuid']}"), 410, "damaged")


def test_a_removed_file_keeps_its_line_and_its_reason(made: Incident) -> None:
    chief = program(world.person("chief"))
    said = body(sent(chief, made, b"x"))
    where = f"incidents/{made.ref}/files/{said['uuid']}"
    problem(chief.post(f"{where}/remove", {"reason": " "}), 422, "invalid")
    gone = body(chief.post(f"{where}/remove", {"reason": "Wrong case"}))
    assert (gone["removed_because"], gone["given"]) == ("Wrong case", False)
    problem(chief.get(where), 404, "not_found")
