"""Answers of a form for the sites that benches measure: a report by a form behind every record, and what asks for it.

Of six questions one is answered by choice, a choice in two hundred and another by nine of ten; one by several choices,
one by a number, one by a day and time, one in a few words and one, by every tenth, at length.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from hikeshi.forms.models import Form
    from hikeshi.incidents.models import Incident

CHOICES = ("common", "seldom", "rare")
SEVERAL = ("mail", "web", "file", "chat", "paper")
WORDS = (
    "会議室",
    "電車",
    "中",
    "端末",
    "なくした",
    "動かない",
    "画面",
    "赤い",
    "警告",
    "駅前",
    "支店",
    "printer",
    "screen",
)
RARE = "ヘリコプター"


def form() -> "Form":
    """Made once, and offered."""
    from hikeshi.forms import actions
    from hikeshi.forms.definitions import Choice, Definition, Field, FieldKind, Text, Use
    from hikeshi.forms.models import Form
    from tests import world

    found = Form.objects.first()
    if found is not None:
        return found

    def field(key: str, kind: FieldKind, *codes: str) -> Field:
        choices = tuple(Choice(code, Text(code, code)) for code in codes)
        return Field(key, kind, Text(f"問{key}", f"Question {key}"), choices=choices)

    fields = (
        field("f1", FieldKind.ONE, *CHOICES),
        field("f2", FieldKind.SEVERAL, *SEVERAL),
        field("f3", FieldKind.NUMBER),
        field("f4", FieldKind.MOMENT),
        field("f5", FieldKind.SHORT),
        field("f6", FieldKind.LONG),
    )
    made = actions.write_form(by=world.admin(), definition=Definition(Text("故障", "Broken"), Use.ODD, fields=fields))
    return actions.offer_form(by=world.admin(), form=made.form.uuid, number=1)


def fill(made: "Sequence[Incident]", rng: random.Random) -> None:
    from hikeshi.incidents.models import Reporter

    used = form().uuid
    Reporter.objects.bulk_create(
        Reporter(
            incident=one,
            purpose="report",
            via="portal",
            language="ja",
            form=used,
            form_version=1,
            answers=_answers(one, rng),
            at=one.opened_at,
            nonce=one.uuid.hex,
        )
        for one in made
    )


def _answers(one: "Incident", rng: random.Random) -> Mapping[str, object]:
    rare = rng.random() < 0.006
    words = [*rng.choices(WORDS, k=5), *([RARE] if rare else [])]
    long = {"f6": " ".join(rng.choices(WORDS, k=120))} if rng.random() < 0.1 else {}
    return {
        "f1": "rare" if rare else rng.choices(CHOICES[:2], weights=[9, 1])[0],
        "f2": [code for code in SEVERAL if rng.random() < 0.3] or ["mail"],
        "f3": str(rng.randrange(1_000_000)),
        "f4": (one.opened_at - timedelta(hours=rng.randrange(72))).strftime("%Y-%m-%dT%H:%M"),
        "f5": " ".join(words),
        **long,
    }


def read_in() -> None:
    """As each report's own act would have done: what lists are narrowed by."""
    from hikeshi.incidents import actions

    place = 0
    while (step := actions.mend_answers(place)).looked:
        place = step.place


def conditions() -> Mapping[str, str]:
    """By what they ask for; each hits some hundred records of a hundred thousand, but for the common ones."""
    place = str(form().uuid)
    return {
        "rare choice": f"answer:is:{place}.f1.rare",
        "common choice": f"answer:is:{place}.f1.common",
        "one of several": f"answer:is:{place}.f2.paper",
        "number": f"answer:upto:{place}.f3.4000",
        "day": f"answer:after:{place}.f4.2999-01-01",
        "rare word": f"answer:has:{place}.f5.{RARE}",
        "no such word": f"answer:has:{place}.f5.どこにもない",
        "common word": f"answer:has:{place}.f5.端末",
        "word of long ones": f"answer:has:{place}.f6.どこにもない",
        "no word, none": f"answer:lacks:{place}.f5.端末",
        "two questions": f"answer:has:{place}.f5.{RARE};answer:from:{place}.f3.500000",
        "one or other": f"answer:is:{place}.f1.rare|answer:upto:{place}.f3.4000",
    }


def pages() -> Mapping[str, str]:
    return {f"answer, {name}": "/incidents/?status=all&filter=" + quote(asked) for name, asked in conditions().items()}
