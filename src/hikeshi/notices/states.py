"""How what was published looks to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.kernel.facts import commit
from hikeshi.ledger import states
from hikeshi.notices.drafts import News, news_content
from hikeshi.notices.models import AlsoHit, Outage, OutageNews
from hikeshi.notices.queries import outage_content

CHUNK = 200
Rows = Iterator[tuple[str, states.Columns]]


def _outages() -> Rows:
    for row in Outage.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield (
            str(row.uuid),
            {
                "incident": str(row.incident),
                "audience": row.audience,
                "version": row.version,
                "ended": row.ended_because,
                "content": commit(outage_content(row), row.secret).digest,
            },
        )


def _news() -> Rows:
    for row in OutageNews.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.uuid), {"text": commit(news_content(News(row.text_ja, row.text_en)), row.secret).digest}


def _hits() -> Rows:
    for row in AlsoHit.objects.select_related("outage").order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.uuid), {"outage": str(row.outage.uuid)}


states.register("notices.outage", _outages)
states.register("notices.news", _news)
states.register("notices.hit", _hits)
