"""An answer to a common question as somebody writes it: in both languages. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import words

LINE: Final = 200
TEXT: Final = 10_000
WORDS: Final = 500
WHY: Final = 2_000
LANGUAGES: Final = ("ja", "en")


class Audience(StrEnum):
    """EVERYONE reaches strangers only where the site takes reports without an account."""

    SIGNED_IN = "signed_in"
    EVERYONE = "everyone"


class Mark(StrEnum):
    """What a reader said of it. SOLVED: no report was needed."""

    HELPED = "helped"
    UNHELPED = "unhelped"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """Answers are Markdown. ``keywords``: what people may call it besides. ``review``: to be looked at again by."""

    question_ja: str
    question_en: str
    answer_ja: str
    answer_en: str
    keywords: str = ""
    audience: Audience = Audience.SIGNED_IN
    owner: str = ""
    review: date | None = None


_MOST: Final[Mapping[str, int]] = {
    **dict.fromkeys(("question_ja", "question_en"), LINE),
    **dict.fromkeys(("answer_ja", "answer_en"), TEXT),
}


def checked(draft: AnswerDraft) -> AnswerDraft:
    """As it is kept. Raises Invalid at the first part that cannot be."""
    said = {name: words(getattr(draft, name), field=name, most=most, required=False) for name, most in _MOST.items()}
    for name, text in said.items():
        if not text:
            raise Invalid(name, "both_languages")
    for name in ("question_ja", "question_en"):
        if "\n" in said[name]:
            raise Invalid(name, "one_line")
    keywords = words(draft.keywords, field="keywords", most=WORDS, required=False)
    rest = (keywords, Audience(draft.audience), draft.owner, draft.review)
    return AnswerDraft(said["question_ja"], said["question_en"], said["answer_ja"], said["answer_en"], *rest)


def written(draft: AnswerDraft) -> dict[str, str]:
    """Every part as text: as it is kept, and as two versions are compared."""
    parts = asdict(draft)
    return {name: "" if value is None else str(value) for name, value in parts.items()}


def read(kept: Mapping[str, str]) -> AnswerDraft:
    plain = {name: text for name, text in kept.items() if name not in {"audience", "review"}}
    review = date.fromisoformat(kept["review"]) if kept.get("review") else None
    return AnswerDraft(**plain, audience=Audience(kept["audience"]), review=review)


def content_of(draft: AnswerDraft) -> str:
    """What the ledger commits to."""
    return json.dumps(written(draft), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
