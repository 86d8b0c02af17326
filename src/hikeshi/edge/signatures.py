"""Posts without a token, signed by their maker with a secret of this source. Only that source's secrets are tried."""

from dataclasses import dataclass
from typing import Final

from hikeshi.edge.keys import Keys, Sender, Signer, unauthorised
from hikeshi.edge.wire import Refused, Request
from hikeshi.intake.sources import book, signing
from hikeshi.intake.sources.signing import Claim, Doubt, Why
from hikeshi.kernel.clock import now

_SAID: Final = {
    Why.MALFORMED: "The signature cannot be read.",
    Why.TOO_OLD: "The signed time is too far from now.",
    Why.NOT_OURS: "The signature does not fit.",
}


@dataclass(frozen=True, slots=True)
class Borne:
    """A request that brought a token."""

    sender: Sender

    def proven(self, raw: bytes) -> tuple[Sender, str]:
        del raw  # the head said it all
        return self.sender, ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose body will tell whose it is."""

    claim: Claim
    signers: tuple[Signer, ...]

    def proven(self, raw: bytes) -> tuple[Sender, str]:
        """Of the bytes as they came: whose they are, and what makes them one when they come twice. Raises Refused."""
        try:
            proof = self.claim.proven(raw, [one.secret for one in self.signers])
        except Doubt as doubt:
            raise _refused(doubt) from None
        return self.signers[proof.place].sender, proof.name


async def signed(request: Request, source: str, keys: Keys) -> Signed | None:
    """None where the request brings a token, or no signature that this source knows. Nothing of the body is read for
    whoever cannot be right: for a source without secrets, a time long past. Raises Refused (401, 503).
    """
    if b"authorization" in request.headers or source not in book.sources():
        return None
    try:
        claim = signing.claim(source, request.headers, now())
    except Doubt as doubt:
        raise _refused(doubt) from None
    if claim is None:
        return None
    signers = await keys.signers(source)
    if not signers:
        raise unauthorised("This source has no signing secret.")
    return Signed(claim, signers)


def _refused(doubt: Doubt) -> Refused:
    return unauthorised(_SAID[doubt.why])
