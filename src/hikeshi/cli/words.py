"""The command line's words, in the language the shell asks for (LANGUAGE, LC_ALL, LC_MESSAGES, LANG).

Python's own gettext reads the catalogue the pages read, without loading Django: ``--help`` stays quick, and argparse,
which asks the same gettext, speaks the same language.
"""

import gettext
import sys
from gettext import gettext as _
from pathlib import Path

from hikeshi.kernel.refusals import Invalid, NotFound, Refusal

_DOMAIN = "django"


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
    gettext.bindtextdomain(_DOMAIN, str(Path(__file__).resolve().parent.parent / "locale"))
    gettext.textdomain(_DOMAIN)


def say(sentence: str, **values: object) -> None:
    """Prints a translated sentence with its values filled in."""
    print(sentence % values if values else sentence)


def complain(sentence: str) -> int:
    """Says on the error stream why nothing was done; answers the exit status for that."""
    print(sentence, file=sys.stderr)
    return 1


def refused(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return _("There is no such thing here: %(what)s.") % {"what": refusal.what}
    if isinstance(refusal, Invalid):
        return _("“%(field)s” cannot be used: %(reason)s.") % {"field": refusal.field, "reason": refusal.reason}
    return _("That was refused: %(reason)s.") % {"reason": str(refusal)}
