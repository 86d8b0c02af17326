"""The ledger's head, for whoever keeps it elsewhere."""

from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Output
from hikeshi.ledger import queries as ledger

router = Router(tags=["ledger"])


class Head(Output):
    head: str = Field(description="Signed. `hikeshi verify --against` finds whether the ledger still leads to it.")
    public_key: str = Field(description="Ed25519, hex: checks the signature without this site.")


@router.get("/ledger/head", response=Head, summary="The ledger's signed head; keep it elsewhere")
def show_head(request: Request) -> Head:
    return Head(head=ledger.signed_head(request.auth), public_key=ledger.public_key(request.auth))
