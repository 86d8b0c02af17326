"""For bench.paging, in the desk's own surroundings: one commander who is reached by the webhook it is given."""

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
    django.setup()
    from hikeshi.accounts import actions, queries
    from hikeshi.kernel.acting import system
    from hikeshi.notify import actions as notify

    desk, place = system("bench"), queries.root()
    notify.set_hosts(by=desk, hosts="127.0.0.1", window=1)
    chief = actions.add_person(by=desk, username="chief", name="Chief", organisation=place.uuid)
    actions.grant_role(by=desk, person=chief.uuid, role="commander", organisation=place.uuid)
    actions.add_way(by=desk, owner=f"person:{chief.uuid}", kind="webhook", address=sys.argv[1])


if __name__ == "__main__":
    main()
