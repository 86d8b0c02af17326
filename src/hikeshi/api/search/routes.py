"""One box over incidents, alerts, assets and people; and the words that mean the same."""

from typing import Annotated

from ninja import Query, Router

from hikeshi.accounts import queries as accounts
from hikeshi.api.callers import Request
from hikeshi.api.search import schemas
from hikeshi.api.shapes import Cursor, Limit
from hikeshi.finding import actions, queries
from hikeshi.finding.marking import Pieces
from hikeshi.finding.permissions import Verb

router = Router(tags=["search"], by_alias=True)


def _pieces(found: Pieces) -> list[schemas.Piece]:
    return [schemas.Piece.model_validate(one) for one in found]


def _hit(one: queries.Hit) -> schemas.Hit:
    return schemas.Hit(
        type=one.kind,
        uuid=one.uuid,
        ref=getattr(one.shown.row, "ref", None) if one.kind == "incident" else None,
        title=one.shown.title,
        title_pieces=_pieces(one.title),
        passage=_pieces(one.passage),
    )


@router.get("/search", response=schemas.Hits, summary="Everything that holds the words, incidents first")
def search(
    request: Request,
    *,
    q: Annotated[str, Query("", max_length=200, description="As in the search box, operators and all.")] = "",
    types: Annotated[str, Query("", max_length=64, description="`incident`, `alert`, `asset`, `person`; commas.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas.Hits:
    chosen = [one.strip() for one in types.split(",") if one.strip()]
    page = queries.find(request.auth, q, types=chosen, cursor=cursor, limit=limit).page
    return schemas.Hits(
        items=[_hit(one) for one in page.items],
        next=page.next,
        total=page.total,
        total_exact=page.total_exact,
        complete=queries.standing().whole,
    )


@router.get("/synonyms", response=schemas.Synonyms, summary="Words that mean the same to the search")
def show_synonyms(request: Request) -> schemas.Synonyms:
    request.auth.must(Verb.CONFIGURE, accounts.root().pk)
    found = queries.in_force()
    return schemas.Synonyms(version=found.number, groups=found.groups)


@router.put("/synonyms", response=schemas.Synonyms, summary="Say anew which words mean the same")
def set_synonyms(request: Request, wanted: schemas.SynonymsSet) -> schemas.Synonyms:
    lines = "\n".join(", ".join(words) for words in wanted.groups)
    actions.set_synonyms(by=request.auth, groups=lines, version=wanted.version)
    found = queries.in_force()
    return schemas.Synonyms(version=found.number, groups=found.groups)
