"""A form as programs read and write it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Time
from hikeshi.forms import definitions
from hikeshi.forms.definitions import Audience, Definition, FieldKind, Use

Key = Annotated[str, StringConstraints(max_length=8)]
_AS_ANY = "Empty: as for any report."


class Words(Input):
    ja: Line = ""
    en: Line = ""

    @property
    def text(self) -> definitions.Text:
        return definitions.Text(self.ja.strip(), self.en.strip())


class Choice(Input):
    code: Code
    label: Words


class When(Input):
    field: Key
    value: Code = Field(description="The code of a choice; `yes` or `no`.")


class Question(Input):
    key: Key = Field(description="By it answers are kept: the same question keeps its key from version to version.")
    kind: FieldKind
    label: Words
    help: Words = Words()
    required: bool = Field(default=False, strict=True)
    choices: list[Choice] = Field(default=[], max_length=200, description="Of `one` and `several`.")
    when: list[When] = Field(default=[], max_length=200, description="Asked only where one of these was answered.")
    low: int | None = Field(default=None, ge=-(10**15), le=10**15, strict=True, description="Of a `number`.")
    high: int | None = Field(default=None, ge=-(10**15), le=10**15, strict=True)

    @property
    def field(self) -> definitions.Field:
        return definitions.Field(
            key=self.key,
            kind=self.kind,
            label=self.label.text,
            help=self.help.text,
            required=self.required,
            choices=tuple(definitions.Choice(one.code, one.label.text) for one in self.choices),
            when=tuple(definitions.When(one.field, one.value) for one in self.when),
            low=self.low,
            high=self.high,
        )


class FormNew(Input):
    """Texts stand in both languages, or in none where they may be left out."""

    title: Words
    use: Use
    audience: Audience = Audience.SIGNED_IN
    organisation: UUID | None = Field(default=None, description="Whose people may use it, with that audience.")
    intro: Words = Words()
    question: Words = Field(default=Words(), description="Asked first, in place of the usual words.")
    kind: Code = Field(default="", description=_AS_ANY)
    record_class: Code = Field(default="", alias="class", description=_AS_ANY)
    urgency: int | None = Field(default=None, ge=1, le=3, strict=True, description="null: as for any report.")
    place: UUID | None = Field(default=None, description="Where what comes of it belongs; null: where its sender does.")
    fields: list[Question] = Field(default=[], max_length=200)
    why: Reason = Field(default="", description="Why it changes.")

    @property
    def definition(self) -> Definition:
        theirs = self.audience is Audience.ORGANISATION and self.organisation is not None
        return Definition(
            title=self.title.text,
            use=self.use,
            audience=self.audience,
            organisation=str(self.organisation) if theirs else "",
            intro=self.intro.text,
            question=self.question.text,
            kind=self.kind,
            urgency=self.urgency,
            record_class=self.record_class,
            place=str(self.place) if self.place else "",
            fields=tuple(one.field for one in self.fields),
        )


class FormChanged(FormNew):
    version: int | None = Field(default=None, strict=True, description="The version you read; see Saving.")


class WordsShown(Output):
    ja: str
    en: str


class ChoiceShown(Output):
    code: str
    label: WordsShown


class WhenShown(Output):
    field: str
    value: str


class QuestionShown(Output):
    key: str
    kind: FieldKind
    label: WordsShown
    help: WordsShown
    required: bool
    choices: list[ChoiceShown]
    when: list[WhenShown]
    low: int | None
    high: int | None


class FormShort(Output):
    """``version``: the newest; ``offered``: the one people are shown, null while it is not offered."""

    uuid: UUID
    title: WordsShown
    use: Use
    audience: Audience
    version: int
    offered: int | None
    questions: int


class Forms(Listed[FormShort]):
    pass


class FormShown(Output):
    uuid: UUID
    version: int
    newest: int
    offered: int | None
    title: WordsShown
    use: Use
    audience: Audience
    organisation: str
    intro: WordsShown
    question: WordsShown
    kind: str
    record_class: str = Field(alias="class")
    urgency: int | None
    place: str
    fields: list[QuestionShown]
    why: str
    made_by: str
    at: Time | None


class Offer(Input):
    version: int = Field(ge=1, le=2_000_000_000, strict=True)
