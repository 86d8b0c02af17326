"""Reads Japanese for whoever asks, in a process of its own: the dictionary takes 80 MiB, which a desk that nobody
searches does not spend. Started by ``apart``; ends by itself when nobody has asked for a while, or its parent has gone.

A line in: a JSON list of texts. A line out: for each text its words as [begin, end, normal form, reading, known].
"""

import json
import select
import sys
from importlib.resources import files
from typing import Final

import yaml
from sudachipy import Dictionary, SplitMode

PATIENCE: Final = 60.0
"""Seconds without a question after which it ends."""


def main() -> None:
    tokenizer = Dictionary(dict="small").tokenizer(mode=SplitMode.A)
    silent = yaml.safe_load(files("hikeshi.search").joinpath("data/silent.yaml").read_text("utf-8"))
    kinds, empty = frozenset(silent["kinds"]), frozenset(silent["words"])
    asked, answer = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], PATIENCE)[0]:
        line = asked.readline()
        if not line:
            return
        found = []
        for text in json.loads(line):
            words = tokenizer.tokenize(text)
            found.append(
                [
                    [one.begin(), one.end(), one.normalized_form(), one.reading_form(), not one.is_oov()]
                    for one in words
                    if one.part_of_speech()[0] not in kinds and one.normalized_form() not in empty
                ]
            )
        answer.write(json.dumps(found, ensure_ascii=False).encode() + b"\n")
        answer.flush()


if __name__ == "__main__":
    main()
