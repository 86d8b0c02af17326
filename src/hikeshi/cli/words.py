"""The command line's words, in the language the shell asks for (LANGUAGE, LC_ALL, LC_MESSAGES, LANG).

Python's own gettext reads the catalogue the pages read, without loading Django: ``--help`` stays quick, and argparse,
which asks the same gettext, speaks the same language.
"""

import gettext
import sys
from gettext import gettext as _
from pathlib import Path

from django.utils import translation

from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.phrases import refusals as phrases

_DOMAIN = "django"
_LOCALE = str(Path(__file__).resolve().parent.parent / "locale")


def _argparse_says() -> tuple[str, ...]:
    """What argparse itself asks the catalogue for, named here so that the catalogue holds it."""
    return (
        _("usage: "),
        _("options"),
        _("positional arguments"),
        _("show this help message and exit"),
        _("%(prog)s: error: %(message)s\n"),
        _("argument %(argument_name)s: %(message)s"),
        _("invalid choice: %(value)r (choose from %(choices)s)"),
        _("invalid %(type)s value: %(value)r"),
        _("expected one argument"),
        _("the following arguments are required: %s"),
        _("unrecognized arguments: %s"),
    )


def speak() -> None:
    """Once, before the first sentence."""
    gettext.bindtextdomain(_DOMAIN, _LOCALE)
    gettext.textdomain(_DOMAIN)


def say(sentence: str, **values: object) -> None:
    """Prints a translated sentence with its values filled in."""
    print(sentence % values if values else sentence)


def complain(sentence: str) -> int:
    """Says on the error stream why nothing was done; answers the exit status for that."""
    print(sentence, file=sys.stderr)
    return 1


def refused(refusal: Refusal) -> str:
    """Needs Django: the sentences are those of every surface, in the shell's language."""
    with translation.override(language()):
        sentence = phrases.sentence(refusal)
    return f"{refusal.field}: {sentence}" if isinstance(refusal, Invalid) else sentence


def language() -> str:
    """Django's name for the language of the catalogue that gettext found by the same variables."""
    found = gettext.find(_DOMAIN, _LOCALE)
    return Path(found).parts[-3] if found else "en"
