"""How far whoever is to be reached can be reached: `{% load contacts %}`."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import RequestContext
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.accounts import addresses, contacts, staff, ways
from hikeshi.accounts.ways import Kind, Standing, Way
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels, moments
from hikeshi.web.contacts import showing
from hikeshi.web.markup import markup
from hikeshi.web.templatetags.show import day_of, icon, precise, said

register = template.Library()
TONES: Final = {Standing.TROUBLE: "burn", Standing.NEVER: "warn", Standing.STALE: "warn", Standing.PROVEN: "plain"}
_rules: WeakKeyDictionary[HttpRequest, contacts.ContactRules] = WeakKeyDictionary()


def rules_of(request: HttpRequest) -> contacts.ContactRules:
    """Asked once for a page, however many ways it shows."""
    found = _rules.get(request)
    if found is None:
        found = _rules[request] = contacts.rules()
    return found


@register.simple_tag(takes_context=True)
def proven(context: RequestContext, way: Way | contacts.StoredWay) -> SafeString:
    """Whether this way may be relied on: in doubt and why, never proven, not for long, or since when it is known to
    lead there. For every page that relies on somebody being reached.
    """
    standing = showing.standing(way, rules_of(context["request"]))
    word = labels.label("way_standing", standing)
    if standing is Standing.TROUBLE:
        word = f"{word}: {labels.label('way_trouble', way.trouble)}"
    if way.proven_at is None:
        return markup('<span class="badge {}">{}{}</span>', TONES[standing], icon("alert-triangle"), word)
    here = moments.local(way.proven_at)
    today = moments.local(clock.now()).date()
    picture = icon("circle-check") if standing is Standing.PROVEN else icon("alert-triangle")
    return markup(
        '<span class="badge {}" title="{}">{}{} <time datetime="{}">{}</time></span>',
        TONES[standing],
        precise(here),
        picture,
        word,
        way.proven_at.isoformat(),
        day_of(here.date(), today),
    )


@register.simple_tag(takes_context=True)
def doubts(context: RequestContext, found: Mapping[str, Sequence[Way]], owner: str | UUID) -> SafeString:
    """Where somebody is relied on: nothing if any way of theirs is proven, else how far the first may be trusted.
    ``owner`` as ways have it, or the uuid of a person.
    """
    owner = f"person:{owner}" if isinstance(owner, UUID) else owner
    if not isinstance(found, Mapping) or owner not in found:
        return SafeString("")
    held = found[owner]
    if not held:
        return markup('<span class="badge burn">{}{}</span>', icon("alert-triangle"), _("No way is known"))
    rules = rules_of(context["request"])
    if any(showing.standing(one, rules) is Standing.PROVEN for one in held):
        return SafeString("")
    return proven(context, held[0])


@register.simple_tag(takes_context=True)
def reach(context: RequestContext, way: Way | contacts.StoredWay) -> SafeString:
    """The address as a link that calls or writes there, where a browser can."""
    kind, address = Kind(way.kind), showing.address_of(way)
    if kind in ways.SECRET:
        return markup('<code class="figure">{}</code>', said(addresses.hidden(kind, address)))
    shown = said(showing.spoken(kind, address, rules_of(context["request"]).country))
    link = addresses.dialled(kind, address)
    return markup('<a class="figure" href="{}">{}</a>', link, shown) if link else markup("{}", shown)


@register.simple_tag(takes_context=True)
def may_compare_staff(context: RequestContext) -> bool:
    """Whether the reader may bring a staff list at all."""
    actor: Actor = context["request"].actor
    return actor.may(staff.verb_of(actor))


@register.simple_tag(takes_context=True)
def former(context: RequestContext, way: contacts.StoredWay) -> str:
    """What stood there before, and until when: for whoever suspects that the new one is the wrong one."""
    if way.former_until is None:
        return ""
    here = moments.local(way.former_until)
    kind, day = Kind(way.kind), day_of(here.date(), moments.local(clock.now()).date())
    if kind in ways.SECRET:
        return _("Changed on %(day)s") % {"day": day}
    shown = showing.spoken(kind, way.former, rules_of(context["request"]).country)
    return _("Until %(day)s: %(address)s") % {"day": day, "address": shown}


@register.filter
def tongue(code: str) -> str:
    """A language in its own words."""
    return str(dict(settings.LANGUAGES).get(code, code))


@register.filter
def weekly(hours: str) -> str:
    return hours_in_words(hours) or _("At any time")


def hours_in_words(hours: str) -> str:
    """`mon-fri 09:00-18:00` with the days as the reader calls them."""
    return re.sub("|".join(ways.DAYS), lambda found: labels.label("weekday_code", found[0]), hours)


@register.simple_tag
def open_now(hours: str, zone: str) -> SafeString:
    """Whether somebody is there at this moment; nothing where they always are."""
    if not hours:
        return SafeString("")
    here = ways.open_at(hours, zone, clock.now())
    word = _("there now") if here else _("not there now")
    return markup('<span class="badge {}">{}</span>', "over" if here else "plain", word)
