"""The site's kinds: their words, codes, course and order. A kind in use is retired, never taken away."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from hikeshi.accounts import names as plain
from hikeshi.accounts import queries as accounts
from hikeshi.incidents import names, vocabularies
from hikeshi.incidents.actions.settling import hint, settle
from hikeshi.incidents.catalogue import Kind, Name
from hikeshi.incidents.models import Vocabulary
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.vocabularies import in_use
from hikeshi.incidents.vocabularies import Deed, SiteKinds, Subject
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action

LONGEST_CODE = 100


@action
def add_kind(
    *,
    by: Actor,
    code: str,
    ja: str,
    en: str,
    course: str,
    rsit: str = "other/other",
    veris: str = "none",
    hint_ja: str = "",
    hint_en: str = "",
) -> Vocabulary:
    """``code`` is for programs and never changes. Raises NotAllowed, Invalid."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    kinds = dict(in_use().kinds)
    if plain.code(code) in kinds:
        raise Invalid("code", "taken")
    kind = _kind(Kind(ja, en, course, rsit, veris, hint_ja=hint_ja, hint_en=hint_en))
    return _settle(by, {**kinds, code: kind}, Deed.KIND_ADDED, code)


@action
def edit_kind(
    *,
    by: Actor,
    code: str,
    ja: str,
    en: str,
    course: str,
    rsit: str = "other/other",
    veris: str = "none",
    hint_ja: str = "",
    hint_en: str = "",
    version: int | None = None,
) -> Vocabulary | None:
    """Records keep the words they were judged by; the course counts for records from now on. None: nothing changed.

    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    kinds = dict(in_use().kinds)
    now = _known(kinds, code)
    wanted = _kind(Kind(ja, en, course, rsit, veris, now.retired, hint_ja, hint_en))
    _unseen(code, version, wanted, now)
    if wanted == now:
        return None
    return _settle(by, {**kinds, code: wanted}, Deed.KIND_CHANGED, code)


def _unseen(code: str, version: int | None, wanted: Kind, now: Kind) -> None:
    """A change to another kind is no conflict. Raises Conflict."""
    if version is None:
        return
    read = Vocabulary.objects.filter(subject=Subject.KINDS, number=version).first()
    site = vocabularies.read(SiteKinds, read.content) if read else SiteKinds()
    before = dict(site.kinds).get(code) or names.SHIPPED.known.kinds.get(code)
    newest = Vocabulary.objects.filter(subject=Subject.KINDS).order_by("-number").first()
    if before != now and newest is not None:
        must_be_current(read=version, now=newest.number, yours=_texts(wanted), theirs=_texts(now))


def _texts(kind: Kind) -> dict[str, str]:
    return {name: value for name, value in asdict(kind).items() if isinstance(value, str)}


@action
def retire_kind(*, by: Actor, code: str, retired: bool = True) -> Vocabulary | None:
    """A retired kind can no longer be chosen; records that have it keep it. False takes it back into use.

    Raises NotAllowed, NotFound, Invalid for the last kind in use.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    kinds = dict(in_use().kinds)
    now = _known(kinds, code)
    if now.retired == retired:
        return None
    kinds[code] = replace(now, retired=retired)
    if all(kind.retired for kind in kinds.values()):
        raise Invalid("code", "last_kind")
    return _settle(by, kinds, Deed.KIND_RETIRED if retired else Deed.KIND_RESTORED, code)


@action
def order_kinds(*, by: Actor, codes: Sequence[str]) -> Vocabulary | None:
    """In this order they are offered; those not named follow as they were. Raises NotAllowed, Invalid."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    kinds = in_use().kinds
    if not set(codes) <= kinds.keys():
        raise Invalid("codes", "unknown")
    order = list(dict.fromkeys([*codes, *kinds]))
    if order == list(kinds):
        return None
    return _settle(by, {code: kinds[code] for code in order}, Deed.KINDS_ORDERED, "")


def _known(kinds: dict[str, Kind], code: str) -> Kind:
    if code not in kinds:
        raise NotFound("kind")
    return kinds[code]


def _kind(typed: Kind) -> Kind:
    """As it is kept. Raises Invalid."""
    name = _words(Name(typed.ja, typed.en))
    courses = in_use().courses.courses
    if typed.course not in courses or courses[typed.course].retired:
        raise Invalid("course", "unknown")
    return replace(
        typed,
        ja=name.ja,
        en=name.en,
        rsit=_code(typed.rsit, "rsit") or "other/other",
        veris=_code(typed.veris, "veris") or "none",
        hint_ja=hint(typed.hint_ja, "hint_ja"),
        hint_en=hint(typed.hint_en, "hint_en"),
    )


def _words(name: Name) -> Name:
    return Name(ja=plain.title(name.ja, "ja"), en=plain.title(name.en, "en"))


def _code(typed: str, field: str) -> str:
    """Of another vocabulary: kept as it is written there, which holds spaces and dots. Raises Invalid."""
    kept = typed.strip()
    if len(kept) > LONGEST_CODE:
        raise Invalid(field, "too_long", limit=LONGEST_CODE)
    if not kept.isascii() or not kept.isprintable():
        raise Invalid(field, "invisible_characters")
    return kept


def _settle(by: Actor, kinds: dict[str, Kind], deed: Deed, about: str) -> Vocabulary:
    return settle(by, Subject.KINDS, SiteKinds(tuple(kinds.items())), deed, about=about)
