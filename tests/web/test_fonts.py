"""The font as browsers fetch it: in slices."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from hikeshi.documents import fonts
from hikeshi.web import bundles

CATALOGUE = Path(__file__).parents[2] / "src/hikeshi/locale/ja/LC_MESSAGES/django.po"
FACE = re.compile(
    r'font-family:"(Noto Sans JP(?: Rest)?)";font-weight:(400|700);.*?url\(([^)]+)\).*?unicode-range:([^}]+)}'
)
RARE = 0.02


def covered(said: str) -> set[int]:
    spans = [one.removeprefix("U+").partition("-") for one in said.split(",")]
    return {point for low, _, high in spans for point in range(int(low, 16), int(high or low, 16) + 1)}


def test_whatever_the_font_can_write_has_a_slice_in_both_weights_and_what_the_desk_says_a_small_one() -> None:
    css = bundles.content("fonts.css")
    assert css is not None, "tools/assets.py builds it"
    known: dict[tuple[str, str], set[int]] = {}
    for family, weight, file, said in FACE.findall(css.decode()):
        assert (Path(bundles.__file__).parent / "static/vendor" / file).stat().st_size > 0
        known.setdefault((family, weight), set()).update(covered(said))
    for weight in ("400", "700"):
        assert fonts.written() - {0} <= known["Noto Sans JP", weight] | known["Noto Sans JP Rest", weight]
    with CATALOGUE.open("rb") as file_:
        spoken = {ord(one) for message in read_po(file_, locale="ja") for one in str(message.string)} & fonts.written()
    lacking = spoken - known["Noto Sans JP", "400"]
    assert len(lacking) <= RARE * len(spoken), f"into assets/letters.txt: {''.join(map(chr, sorted(lacking)))}"
