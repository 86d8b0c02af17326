import json
from typing import Final

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

_COMPACT: Final = (",", ":")


class Renderer(BaseRenderer):
    """JSON a person can read in a terminal, Japanese as it is written."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:
        try:
            return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False, separators=_COMPACT).encode()
        except UnicodeEncodeError:  # half a surrogate pair in what a detector sent: kept, and shown escaped
            return json.dumps(data, cls=NinjaJSONEncoder, separators=_COMPACT).encode()
