"""The watch over GETs (conftest.py) is itself watched."""

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from hikeshi.accounts.models import Site
from hikeshi.kernel.acting import system
from hikeshi.ledger.access import note_reading
from tests.conftest import WroteOnGet


def _writes(request: HttpRequest) -> HttpResponse:
    Site.objects.update_or_create(pk=1, defaults={"name": "changed by looking"})
    return HttpResponse("done")


def _reads(request: HttpRequest) -> HttpResponse:
    note_reading(by=system("test"), subject="incident:1", what="room")
    return HttpResponse("read")


urlpatterns = [path("writes", _writes), path("reads", _reads)]


@pytest.fixture(autouse=True)
def _these_views(settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []


def test_a_view_that_writes_on_get_is_caught() -> None:
    with pytest.raises(WroteOnGet):
        Client().get("/writes")


def test_a_post_may_write_and_a_get_may_note_the_reading() -> None:
    assert Client().post("/writes").content == b"done"
    assert Client().get("/reads").content == b"read"
