"""What every change of kinds, courses and words of levels does: write the whole document as the next version."""

from hikeshi.accounts import names as plain
from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts, vocabularies
from hikeshi.incidents.catalogue import Name
from hikeshi.incidents.models import Vocabulary
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.vocabularies import Deed, SiteCourses, SiteKinds, SiteLevels, Subject
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.ledger.acts import action, record

LONGEST_HINT = 300


def worded(name: Name, field: str) -> Name:
    """Both words as they are kept: one line each, nothing invisible. Raises Invalid naming ``field_ja`` or ``_en``."""
    return Name(ja=plain.title(name.ja, f"{field}_ja"), en=plain.title(name.en, f"{field}_en"))


def hint(typed: str, field: str) -> str:
    """Raises Invalid."""
    if not typed.strip():
        return ""
    kept = " ".join(typed.split())
    if len(kept) > LONGEST_HINT:
        raise Invalid(field, "too_long", limit=LONGEST_HINT)
    return plain.title(kept, field) if len(kept) <= plain.LONGEST_NAME else kept


def settle(
    by: Actor,
    subject: Subject,
    document: SiteKinds | SiteCourses | SiteLevels,
    deed: Deed,
    *,
    about: str = "",
    version: int | None = None,
) -> Vocabulary:
    """Raises Conflict where somebody made a version since the one that was read."""
    last = Vocabulary.objects.select_for_update().filter(subject=subject).order_by("-number").first()
    number = last.number if last else 0
    if version is not None and version < number:
        raise Conflict(yours={}, theirs={}, version=number)
    return _write(by, subject, number + 1, vocabularies.content_of(document), deed=deed, about=about)


def _write(by: Actor, subject: Subject, number: int, content: JSON, *, deed: Deed, about: str) -> Vocabulary:
    row = Vocabulary.objects.create(
        subject=subject, number=number, deed=deed, about=about, content=content, made_by=by.ref, at=clock.now()
    )
    fact = facts.VocabularySet(
        vocabulary=row.uuid,
        subject=subject,
        number=number,
        deed=deed,
        about=about,
        content=vocabularies.digest(content),
    )
    record(fact, subject="site", by=by, topics=("settings",))
    return row


@action
def roll_back(*, by: Actor, subject: Subject, number: int) -> Vocabulary:
    """Puts an earlier version in force again, as a new one. Records keep the words and courses they took.

    Raises NotAllowed, NotFound.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    earlier = Vocabulary.objects.filter(subject=subject, number=number).first()
    last = Vocabulary.objects.select_for_update().filter(subject=subject).order_by("-number").first()
    if earlier is None or last is None:
        raise NotFound("version")
    content = _with_what_came_since(Subject(subject), earlier.content, last.content)
    return _write(by, Subject(subject), last.number + 1, content, deed=Deed.ROLLED_BACK, about=str(number))


def _with_what_came_since(subject: Subject, earlier: JSON, last: JSON) -> JSON:
    """What was added later may be in use: it stays, retired."""
    if subject is Subject.LEVELS:
        return earlier
    if subject is Subject.KINDS:
        was, now = vocabularies.read(SiteKinds, earlier), vocabularies.read(SiteKinds, last)
        return vocabularies.content_of(vocabularies.kinds_rolled_back(was, now))
    then, since = vocabularies.read(SiteCourses, earlier), vocabularies.read(SiteCourses, last)
    return vocabularies.content_of(vocabularies.courses_rolled_back(then, since))
