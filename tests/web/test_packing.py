"""Pages on their way: compressed where that is understood, and the same page."""

import gzip

from django.test import Client

from tests.web.desk import browser, incident


def test_a_page_leaves_compressed_and_is_the_same_page_and_its_length_is_not_twice_the_same() -> None:
    incident("Worm")
    desk = browser("mori", "commander")
    plain = desk.get("/incidents/")
    assert "Content-Encoding" not in plain.headers
    taken = [desk.get("/incidents/", headers={"Accept-Encoding": "br, gzip;q=0.8"}) for _ in range(12)]
    for one in taken:
        assert one["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in one["Vary"]
        assert int(one["Content-Length"]) == len(one.content) < len(plain.content) / 3
        assert b"Worm" in gzip.decompress(one.content)
    assert len({len(one.content) for one in taken}) > 1, "its length says nothing exact about what stands in it"


def test_who_does_not_take_it_and_what_is_no_page_is_left_as_it_is() -> None:
    desk = browser("mori", "commander")
    for said in ("", "identity", "gzip;q=0", "gzip; q=0.0, br"):
        assert "Content-Encoding" not in desk.get("/incidents/", headers={"Accept-Encoding": said}).headers
    for path in ("/incidents/export.csv", "/manifest.webmanifest"):
        assert desk.get(path, headers={"Accept-Encoding": "gzip"}).get("Content-Encoding") is None
    signing_in = Client().get("/sign-in/", headers={"Accept-Encoding": "gzip"})
    assert signing_in["Content-Encoding"] == "gzip"
