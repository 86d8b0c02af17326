"""How forms look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.forms.definitions import content_of, read
from hikeshi.forms.models import Form, FormVersion
from hikeshi.kernel.facts import commit
from hikeshi.ledger import states

CHUNK = 200
Rows = Iterator[tuple[str, states.Columns]]


def _forms() -> Rows:
    for row in Form.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.uuid), {"newest": row.newest, "offered": row.offered}


def _versions() -> Rows:
    for row in FormVersion.objects.select_related("form").order_by("pk").iterator(chunk_size=CHUNK):
        content = commit(content_of(read(row.definition)), row.secret).digest
        yield str(row.uuid), {"form": str(row.form.uuid), "number": row.number, "content": content}


states.register("forms.form", _forms)
states.register("forms.version", _versions)
