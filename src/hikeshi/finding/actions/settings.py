"""Which words mean the same: a whole new version for every change."""

from hikeshi.accounts import queries as accounts
from hikeshi.finding import facts, synonyms
from hikeshi.finding.models import SynonymsVersion
from hikeshi.finding.permissions import Verb
from hikeshi.finding.queries.settings import in_force, version
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.texts import clean
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record

LONGEST = 50_000
SUBJECT = "site"
TOPICS = ("settings",)


@action
def set_synonyms(*, by: Actor, groups: str, version: int | None = None) -> int:
    """``groups``: a line each, commas between. They count from the next search on: nothing is written anew. Returns the
    number of the version in force. Raises NotAllowed, Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    content = synonyms.tidy(clean(groups, field=synonyms.FIELD)[:LONGEST])
    now = in_force()
    must_be_current(read=version, now=now.number, yours={synonyms.FIELD: content}, theirs={synonyms.FIELD: now.content})
    if content == now.content:
        return now.number
    return _put(by, content)


@action
def restore_synonyms(*, by: Actor, number: int) -> int:
    """Puts an earlier version in force again, as a new one; 0 is what is shipped. Raises NotAllowed, NotFound."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    earlier = version(number)
    if earlier.content == in_force().content:
        return in_force().number
    return _put(by, earlier.content, back_to=number)


def _put(by: Actor, content: str, back_to: int | None = None) -> int:
    last = SynonymsVersion.objects.select_for_update().order_by("-number").first()
    number = last.number + 1 if last else 1
    SynonymsVersion.objects.create(number=number, content=content, made_by=by.ref, at=clock.now())
    groups = len(synonyms.groups_of(content))
    fact = facts.SynonymsSet(number=number, groups=groups, content=synonyms.digest(content), back_to=back_to)
    record(fact, subject=SUBJECT, by=by, topics=TOPICS)
    return number
