"""Threat intelligence at the pages: brought, looked through, removed, and said on the alert."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hikeshi.assets import actions as assets
from hikeshi.assets.models import Indicator, IndicatorList, Loaded
from hikeshi.config import serving
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from tests import world
from tests.domains.test_intelligence import told
from tests.web import desk

HOSTILE = "<script>alert(1)</script>"


def sent(body: bytes = b"203.0.113.7\nevil.example\nnothing\n", **more: object) -> dict[str, object]:
    return {"file": SimpleUploadedFile("feed.txt", body), "title": HOSTILE, "organisation": world.site().uuid, **more}


def test_a_list_is_brought_looked_through_said_on_the_alert_and_removed() -> None:
    keeper = desk.browser("keeper", "commander")
    wrong = keeper.post("/assets/indicators/new", sent(b"nothing\n"))
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["file"])
    made = keeper.post("/assets/indicators/new", sent(tlp="green"), follow=True)
    kept = IndicatorList.objects.get()
    page = made.content.decode()
    assert "203.0.113.7" in page
    assert "TLP:GREEN" in page
    assert HOSTILE not in page
    where = f"/assets/indicators/{kept.uuid}/"
    assert "203.0.113.7" in keeper.get(f"{where}?q=203.0.113[.]7").content.decode()
    assert "203.0.113.7</bdi>" not in keeper.get(f"{where}?q=203.0.113.8").content.decode()
    row = told("loud", src_ip="203.0.113.7")
    alert = keeper.get(f"/alerts/{row.uuid}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in alert
    assert HOSTILE not in alert
    reader = desk.browser("reader", "responder")
    assert reader.get(where).status_code == 200
    assert "/remove" not in reader.get(where).content.decode()
    key = Indicator.objects.get(value="evil.example").key
    assert reader.post(f"{where}values/{key}/remove").status_code == 403
    keeper.post(f"{where}values/{key}/remove")
    assert [one.value for one in Indicator.objects.all()] == ["203.0.113.7"]
    keeper.post(f"{where}remove")
    assert not IndicatorList.objects.exists()
    assert keeper.get(where).status_code == 404


def test_values_that_name_no_end_hold_as_long_as_the_form_says() -> None:
    keeper = desk.browser("keeper", "commander")
    wrong = keeper.post("/assets/indicators/new", sent(days="0"))
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["days"])
    keeper.post("/assets/indicators/new", sent(days="30"))
    ends = set(Indicator.objects.values_list("until", flat=True))
    assert {round((end - clock.now()).total_seconds() / 86_400) for end in ends if end} == {30}
    assert None not in ends
    keeper.post("/assets/indicators/new", {**sent(), "title": "Another"})
    assert not Indicator.objects.filter(list__title="Another", until__isnull=False).exists()


def test_catalogues_are_loaded_by_whoever_keeps_the_site_and_their_version_is_shown() -> None:
    keeper = desk.browser("keeper", "administrator")
    body = json.dumps({"catalogVersion": "2026.11.20", "vulnerabilities": [{"cveID": "CVE-2024-3400"}]}).encode()
    wrong = keeper.post("/assets/catalogues/kev", {"file": SimpleUploadedFile("kev.json", b"{}")})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["file"])
    keeper.post("/assets/catalogues/kev", {"file": SimpleUploadedFile("kev.json", body)})
    assert "2026.11.20" in keeper.get("/assets/indicators/").content.decode()
    bad = keeper.post("/assets/catalogues/domains", {"file": "corp.example\nno domain"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["file"])
    assert b"no domain" in bad.content
    keeper.post("/assets/catalogues/domains", {"file": "corp.example"})
    assert b"corp.example" in keeper.get("/assets/catalogues/domains").content
    assert {one.which: one.count for one in Loaded.objects.all()} == {"kev": 1, "domains": 1}
    assert keeper.get("/assets/catalogues/weather").status_code == 404


def test_a_large_file_says_how_far_it_is_and_why_it_was_not_taken_in() -> None:
    keeper = desk.browser("keeper", "commander")
    body = b"".join(b"host%d.evil.example,%0200d\n" % (number, number) for number in range(1_500))
    answer = keeper.post("/assets/indicators/new", sent(body))
    where = answer["Location"]
    assert where.startswith("/assets/indicators/files/")
    page = keeper.get(where).content.decode()
    assert "read to its end" in page
    assert "every 2s" in page
    assert where in keeper.get("/assets/indicators/").content.decode()
    engine = system("imports")
    assets.continue_indicators(by=engine)
    assets.continue_indicators(by=engine)
    page = keeper.get(where).content.decode()
    assert "Values: 1,000 of 1,500." in page
    assert 'value="66"' in page
    (kept,) = IndicatorList.objects.all()
    assert where in keeper.get(f"/assets/indicators/{kept.uuid}/").content.decode()
    while assets.continue_indicators(by=engine):
        pass
    page = keeper.get(where).content.decode()
    assert f"/assets/indicators/{kept.uuid}/" in page
    assert "every 2s" not in page
    assert "Values: 1,500" in page
    broken = keeper.post("/assets/indicators/new", sent(body + b"\xff"))["Location"]
    assets.continue_indicators(by=engine)
    page = keeper.get(broken).content.decode()
    assert "Line 1,501" in page or "Line 1501" in page
    assert "Nothing of it is kept." in page
    assert HOSTILE not in page
    assert "not taken in" in keeper.get("/assets/indicators/").content.decode()
    assert desk.browser("reader", "responder").get(where).status_code == 404


def test_the_form_of_a_list_is_one_of_those_that_send_files() -> None:
    assert serving.FILES.fullmatch(reverse("web:new_indicators"))
