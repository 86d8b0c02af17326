"""``hikeshi …``: reads the verb, makes Django ready where the verb needs it, and lets its module act."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from gettext import gettext as _

import django
from django.db.utils import OperationalError, ProgrammingError

from hikeshi.cli import arguments, words
from hikeshi.cli.loading import loading
from hikeshi.config.environment import BadEnvironment
from hikeshi.kernel.refusals import Refusal


def _unread(error: Exception) -> str:
    """Why the database did not answer as it should, and what helps."""
    with suppress(Exception):  # no database at all: then what it said itself is all there is to say
        if importlib.import_module("hikeshi.cli.prepare").is_behind():
            return _(
                "The database is as an older version of the desk left it. Back it up with that version; "
                "“hikeshi prepare”, or a start of the desk, brings it up to date."
            )
    hint = _("If this desk has never run, “hikeshi prepare” makes its database.")
    return f"{str(error).strip()}\n{hint}"


def main(argv: Sequence[str] | None = None) -> int:
    os.umask(0o077)  # a data folder that was there before may be open to others; what is written into it is not
    words.speak()
    options = arguments.parser().parse_args(argv)
    _spare_the_desk(options)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    try:
        with loading():
            if options.django:
                django.setup()
            act = getattr(importlib.import_module(options.module), options.function)
        status = act(options)
    except BadEnvironment as error:
        return words.complain(str(error))
    except Refusal as refusal:
        return words.complain(words.refused(refusal))
    except (OperationalError, ProgrammingError) as error:
        return words.complain(_unread(error))
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # the reader left; nothing more is to be said
        return 1
    except OSError as error:
        return words.complain(str(error))
    except KeyboardInterrupt:
        return 130
    return int(status)


def _spare_the_desk(options: argparse.Namespace) -> None:
    """An exported record is checked where there is no desk: no settings are read, and no key comes to be."""
    if getattr(options, "extract", None):
        options.module, options.function, options.django = "hikeshi.cli.extracts", "verify_extract", False
