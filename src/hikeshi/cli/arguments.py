"""Every verb of the command line with its arguments and help. Light: it is all that ``--help`` loads.

A verb names the module and function that carry it out; main imports that module once Django is ready, or without Django
where ``django`` is false.
"""

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TypeAlias

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="hikeshi", description=_("Self-hosted desk for incidents and security incidents.")
    )
    verbs = top.add_subparsers(metavar=_("VERB"), required=True)
    _serving(verbs)
    _tokens(verbs)
    _ledger(verbs)
    _safekeeping(verbs)
    _cases(verbs)
    _site(verbs)
    _rules(verbs)
    _search(verbs)
    _users(verbs)
    return top


def _verb(verbs: Verbs, name: str, does: str, module: str, *, django: bool = True) -> argparse.ArgumentParser:
    """``module`` is ``hikeshi.cli.<module>``; its function is named like the verb, dashes as underscores."""
    verb = verbs.add_parser(name, help=does, description=does)
    verb.set_defaults(module=f"hikeshi.cli.{module}", function=name.replace("-", "_"), django=django)
    return verb


def _group(verbs: Verbs, name: str, does: str) -> Verbs:
    return verbs.add_parser(name, help=does, description=does).add_subparsers(metavar=_("VERB"), required=True)


def _json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help=_("Answer in JSON."))


def _serving(verbs: Verbs) -> None:
    serve = _verb(verbs, "serve", _("Serve the desk until told to stop."), "serve", django=False)
    serve.add_argument("--only", choices=("edge", "web", "engine"), help=_("Run one part alone, for larger sites."))
    prepare = _verb(
        verbs, "prepare", _("Bring the database up to date; on the first start make the user admin."), "prepare"
    )
    worlds = ("real", "drill", "demo")
    prepare.add_argument("--world", choices=worlds, default="real", help=_("What a new site is for."))
    watch = _verb(verbs, "watch", _("Watch a desk and cry out when it fails, from any machine."), "watch", django=False)
    watch.add_argument("--address", help=_("Where it answers, such as https://desk.example.jp; the own desk without."))
    watch.add_argument("--try", action="store_true", help=_("Send one trial message by each way, and end."))
    canary = _verb(
        verbs, "canary", _("Try the whole chain of the running desk: a test alert must be answered."), "canary"
    )
    canary.add_argument("--user", help=_("Whom to call; whoever the plan names without."))
    canary.add_argument("--minutes", type=int, help=_("How long they have to answer."))
    _json(canary)
    demo = _verb(verbs, "demo", _("Serve a throw-away desk of a company that does not exist."), "demo", django=False)
    demo.add_argument("--data", type=Path, default=Path("var-demo"), help=_("Its folder; emptied first."))
    replay = _verb(verbs, "replay", _("Send recorded alerts to the running desk, as their source would."), "replay")
    replay.add_argument("file", type=Path, nargs="+", help=_("JSON or NDJSON, also packed as .gz or .xz."))
    replay.add_argument("--source", required=True, help=_("The source whose form the file has."))
    replay.add_argument("--rate", type=float, default=0.0, help=_("Alerts each second; as fast as it goes without."))
    replay.add_argument("--now", action="store_true", help=_("Move the times in each body so that the newest is now."))
    _json(replay)


def _tokens(verbs: Verbs) -> None:
    tokens = _group(verbs, "token", _("Keys of machines: create, list, revoke."))
    create = _verb(
        tokens, "create", _("Create a token. It is the last word printed and is never shown again."), "tokens"
    )
    create.add_argument("--source", help=_("The source it may send alerts for."))
    create.add_argument(
        "--scope",
        choices=("intake", "signed", "api"),
        help=_("What it opens: the machine door or the API; “signed” is a secret that a maker signs with."),
    )
    create.add_argument("--user", help=_("For the API: the user in whose name it acts."))
    create.add_argument("--organisation", help=_("The organisation its alerts belong to; the root without."))
    create.add_argument("--expires", metavar=_("DATE"), help=_("The day it ends, such as 2027-03-31."))
    create.add_argument("--name", default="", help=_("What it is for."))
    _json(_verb(tokens, "list", _("List tokens; the secrets are not kept."), "tokens"))
    revoke = _verb(tokens, "revoke", _("Revoke a token at once."), "tokens")
    revoke.add_argument("token", help=_("Its identifier, from the list."))


def _ledger(verbs: Verbs) -> None:
    verify = _verb(verbs, "verify", _("Check that no entry of the ledger was changed, lost or added."), "ledger")
    verify.add_argument("--against", metavar=_("HEAD"), help=_("A head kept elsewhere, or the file that holds it."))
    verify.add_argument("--state", action="store_true", help=_("Also compare the rows with what the ledger says."))
    verify.add_argument(
        "--extract", type=Path, metavar=_("FILE"), help=_("Check an exported record instead; needs no desk.")
    )
    verify.add_argument("--files", action="store_true", help=_("Also read every attached file and compare its hash."))
    _json(verify)
    _json(_verb(verbs, "head", _("Print the ledger's signed head, to be kept elsewhere."), "ledger"))


def _safekeeping(verbs: Verbs) -> None:
    backup = _verb(verbs, "backup", _("Copy everything but the key into one file, while the desk works."), "backup")
    backup.add_argument("file", type=Path, help=_("The new file."))
    _json(backup)
    restore = _verb(
        verbs, "restore", _("Put a backup in place; the desk then sends nothing until released."), "restore"
    )
    restore.add_argument("file", type=Path, help=_("A file made by backup."))
    restore.add_argument("--force", action="store_true", help=_("Replace the desk that is there."))
    _json(restore)


def _cases(verbs: Verbs) -> None:
    export = _verb(verbs, "export", _("Write a whole record into one file that proves itself."), "cases")
    export.add_argument("ref", help=_("The record, such as INC-2026-0001."))
    export.add_argument("--out", type=Path, required=True, help=_("The new file, a ZIP."))
    _json(export)


def _site(verbs: Verbs) -> None:
    site = _group(verbs, "site", _("Whether the desk may send anything outward: show, hold, release."))
    _json(_verb(site, "show", _("Show what the site is and whether it is held."), "site"))
    _verb(site, "hold", _("Let nothing leave the machine."), "site")
    _verb(site, "release", _("Let messages leave the machine again."), "site")


def _rules(verbs: Verbs) -> None:
    rules = _group(verbs, "rules", _("Rules that lie in files: check them."))
    check = _verb(rules, "check", _("Say of each rule file what is wrong with it, with its line."), "ruling")
    check.add_argument("file", type=Path, nargs="*", help=_("Files to check; those of the desk without."))


def _search(verbs: Verbs) -> None:
    search = _group(verbs, "search", _("The index of the search."))
    _verb(search, "rebuild", _("Empty the index and build it anew."), "finding")
    answers = _group(verbs, "answers", _("What people answered in forms, as lists are narrowed by it."))
    _verb(answers, "rebuild", _("Compare it with every report, and make anew what differs."), "answers")


def _users(verbs: Verbs) -> None:
    users = _group(verbs, "user", _("People who sign in: add, list, password."))
    add = _verb(users, "add", _("Add a user; the first password is the last word printed."), "users")
    add.add_argument("username", help=_("The name to sign in with."))
    add.add_argument("--name", required=True, help=_("The name to show."))
    add.add_argument("--role", help=_("A role such as responder, held in the organisation."))
    add.add_argument("--organisation", help=_("The organisation they belong to; the root without."))
    add.add_argument("--language", choices=("ja", "en"), default="ja", help=_("The language of their pages."))
    _json(_verb(users, "list", _("List users and their roles."), "users"))
    password = _verb(users, "password", _("Set a new password; it is the last word printed."), "users")
    password.add_argument("username", help=_("The name to sign in with."))
