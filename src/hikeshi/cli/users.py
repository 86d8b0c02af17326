"""``hikeshi user add|list|password``."""

import argparse
import json
from gettext import gettext as _

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries, sealing
from hikeshi.accounts.models import Person
from hikeshi.cli import words
from hikeshi.cli.places import organisation
from hikeshi.kernel.acting import system
from hikeshi.ledger.acts import unit

BY = system("command-line")


def add(options: argparse.Namespace) -> int:
    secret = sealing.new_password()
    place = organisation(BY, options.organisation)
    with unit():  # a user without the role asked for would be half of what was asked
        person = accounts.add_person(
            by=BY,
            username=options.username,
            name=options.name,
            organisation=place,
            language=options.language,
            password=secret,
        )
        if options.role:
            accounts.grant_role(by=BY, person=person.uuid, role=options.role, organisation=place)
    _say_password(person, secret)
    return 0


def password(options: argparse.Namespace) -> int:
    secret = sealing.new_password()
    person = queries.person_by_username(BY, options.username)
    accounts.set_password(by=BY, person=person.uuid, password=secret)
    _say_password(person, secret)
    return 0


def _say_password(person: Person, secret: str) -> None:
    words.say(
        _("The password of %(username)s, shown this once: %(password)s"), username=person.username, password=secret
    )


def list(options: argparse.Namespace) -> int:  # noqa: A001  # named like its verb
    rows = [_row(person) for person in queries.people(BY).prefetch_related("grants__role", "grants__organisation")]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        print("\t".join([str(row["username"]), str(row["name"]), "active" if row["active"] else "inactive"]))
    return 0


def _row(person: Person) -> dict[str, object]:
    grants = [{"role": held.role.code, "organisation": held.organisation.name} for held in person.grants.all()]
    return {"username": person.username, "name": person.name, "active": person.is_active, "grants": grants}
