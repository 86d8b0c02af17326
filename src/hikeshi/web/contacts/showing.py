"""Ways as pages show them."""

from datetime import timedelta

from django.utils.translation import gettext as _

from hikeshi.accounts import addresses, contacts, reaching, ways
from hikeshi.accounts.ways import Kind, Standing, Way
from hikeshi.kernel import clock


def standing(way: Way | contacts.StoredWay, rules: contacts.ContactRules) -> Standing:
    return ways.standing(way.proven_at, way.trouble, clock.now(), timedelta(days=rules.stale_days))


def address_of(way: Way | contacts.StoredWay) -> str:
    return way.address if isinstance(way, Way) else reaching.address_of(way)


def spoken(kind: Kind, address: str, country: str) -> str:
    """As one reads it out: a number as it is dialled from here, and its extension."""
    if kind not in (Kind.PHONE, Kind.SMS):
        return address
    number, extension = addresses.number(address, country), addresses.parts(address)[1]
    if not extension:
        return number
    inside = _("ext. %(number)s") % {"number": extension}
    return f"{number} {inside}".strip()


def typed(way: contacts.StoredWay, country: str) -> str:
    """As it stands in a form."""
    return spoken(Kind(way.kind), address_of(way), country)
