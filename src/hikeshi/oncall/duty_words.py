"""What people read of rotas, made when it is sent: what is no longer so is told to nobody."""

from datetime import datetime, timedelta
from typing import Final

from hikeshi.accounts.ways import Recipient
from hikeshi.kernel import clock
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.oncall import rota as pure
from hikeshi.oncall.models import Absence, Cover, Subscription, Swap, SwapState
from hikeshi.oncall.queries import duty, noticing, rotas, subscriptions
from hikeshi.phrases import duty_calendars
from hikeshi.phrases import rotas as phrases

LONGEST_SHOWN: Final = timedelta(days=8)
"""Of a duty that goes on for longer no end is told."""


def swap(message: Queued, to: Recipient, form: Form) -> Words | None:
    row = Swap.objects.filter(uuid=message.subject.removeprefix("swap:"))
    found = row.select_related("rota", "asker", "asked").first()
    what = message.about["what"]
    if found is None or found.rota.retired_at is not None or found.state != what:
        return None
    if what == SwapState.ASKED and found.expires_at <= clock.now():
        return None
    said = phrases.swap_words(
        what,
        rota=found.rota.name,
        asker=found.asker.name,
        other=found.asked.name if found.asked else "",
        begin=found.begins_at,
        end=found.ends_at,
    )
    return Words(said.title, "" if form is Form.SHORT else said.text, link="/oncall/")


def gap(message: Queued, to: Recipient, form: Form) -> Words | None:
    """The first turn of the coming week that is nobody's, from when the message was queued about."""
    begin = max(datetime.fromisoformat(message.about["begin"]), clock.now())
    found = pure.gaps(duty.merged(rotas.watch(message.subject, begin, begin + timedelta(days=7))))
    if not found or found[0].begin > begin:
        return None
    names = duty.names_in(found[:1])
    said = phrases.gap_words(
        rotas.name_of(message.subject), found[0].begin, found[0].why, names.get(found[0].instead, "")
    )
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/oncall/{message.subject[5:]}/")


def begins(message: Queued, to: Recipient, form: Form) -> Words | None:
    """To whoever takes over, as long as they still do and want to hear of it."""
    if noticing.leads().get(to.owner) == timedelta():
        return None
    begin = datetime.fromisoformat(message.about["begin"])
    found = duty.merged(rotas.watch(message.subject, begin, begin + LONGEST_SHOWN))
    if not found or found[0].person != to.owner:
        return None
    end = found[0].end if found[0].end < begin + LONGEST_SHOWN else None
    said = phrases.duty_words(rotas.name_of(message.subject), begin, end)
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/oncall/{message.subject[5:]}/")


def of_rota(message: Queued, to: Recipient, form: Form) -> Words | None:
    return (begins if message.about.get("what") == "duty" else gap)(message, to, form)


def put_in(message: Queued, to: Recipient, form: Form) -> Words | None:
    row = Cover.objects.filter(uuid=message.subject.removeprefix("cover:")).select_related("rota").first()
    if row is None or row.rota.retired_at is not None or row.ends_at <= clock.now():
        return None
    said = phrases.put_in_words(row.rota.name, row.begins_at, row.ends_at)
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/oncall/{row.rota.uuid}/")


def stands_in(message: Queued, to: Recipient, form: Form) -> Words | None:
    row = Absence.objects.filter(uuid=message.subject.removeprefix("absence:")).select_related("person").first()
    if row is None or row.ends_at <= clock.now():
        return None
    said = phrases.stands_in_words(row.person.name, row.begins_at, row.ends_at)
    return Words(said.title, "" if form is Form.SHORT else said.text, link="/oncall/")


def calendar_failing(message: Queued, to: Recipient, form: Form) -> Words | None:
    """As long as it fails still."""
    rows = Subscription.objects.filter(uuid=message.subject.removeprefix("calendar:")).exclude(failing_since=None)
    row = rows.select_related("rota", "person").first()
    if row is None or row.failing_since is None:
        return None
    kept = subscriptions.calendar_names([row]).get(row.calendar) if row.calendar else None
    whose = kept or (row.rota.name if row.rota else row.person.name if row.person else "")
    said = duty_calendars.calendar_failing_words(whose, row.hint, row.failing_since, row.fault)
    return Words(said.title, "" if form is Form.SHORT else said.text, link="/oncall/calendars")


wording.register(Purpose.TOLD, swap, subject="swap")
wording.register(Purpose.TOLD, put_in, subject="cover")
wording.register(Purpose.TOLD, stands_in, subject="absence")
wording.register(Purpose.TOLD, calendar_failing, subject="calendar")
wording.register(Purpose.REMINDER, of_rota, subject="rota")
