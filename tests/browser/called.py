"""Calls the people named about a record of a running desk and prints their links. Run inside the site."""

import json
import sys
import time


def call(ref: str, usernames: list[str]) -> None:
    """As a message that has just gone out: what would carry it is not tried here."""
    import django

    django.setup()
    from hikeshi.accounts import actions as accounts
    from hikeshi.accounts import queries
    from hikeshi.incidents import actions
    from hikeshi.incidents import queries as incidents
    from hikeshi.kernel import clock
    from hikeshi.kernel.acting import system
    from hikeshi.notify import links
    from hikeshi.notify.models import Delivery, Leg, Outgoing
    from hikeshi.oncall.actions import calling
    from hikeshi.oncall.models import Run

    by, found = system("command-line"), {}
    record = incidents.incident(by, ref)
    until = time.monotonic() + 120
    while not Run.objects.filter(subject=record.subject).exists() and time.monotonic() < until:
        time.sleep(0.2)
    for username in usernames:
        owner = f"person:{queries.person_by_username(by, username).uuid}"
        way = accounts.add_way(by=by, owner=owner, kind="mail", address=f"{username}+{ref.lower()}@example.jp")
        actions.ask_for_help(by=by, ref=ref, to=owner)
        about = calling.topic(Run.objects.filter(subject=record.subject).latest("id"))
        message = Outgoing.objects.filter(to=owner, purpose="page", subject=about).latest("id")
        now = clock.now()
        sent, _ = Delivery.objects.get_or_create(
            outgoing=message,
            way=str(way.uuid),
            round=1,
            defaults={"kind": "mail", "urgency": 1, "leg": Leg.SENT, "due_at": now, "sent_at": now},
        )
        found[username] = f"/a/{links.token(sent.uuid)}"
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    call(sys.argv[1], sys.argv[2:])
