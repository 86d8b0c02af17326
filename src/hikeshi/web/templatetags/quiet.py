"""Why an alert is quiet: `{% load quiet %}`."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.intake.queries import Alert
from hikeshi.intake.queries.inhibiting import Explaining
from hikeshi.web.addresses import address
from hikeshi.web.markup import markup

register = template.Library()


@register.simple_tag
def explained(known: Mapping[int, Explaining], alert: Alert) -> SafeString:
    """By which alert an inhibition holds this one; nothing where none does."""
    found = known.get(alert.pk)
    if found is None or (found.alert is None and not found.hidden):
        return markup("")
    if found.alert is None:
        return markup('<div class="fine">{}</div>', _("By an alert you may not see."))
    link = markup('<a href="{}"><bdi>{}</bdi></a>', address("web:alert", found.alert.uuid), found.alert.title)
    return markup('<div class="fine clip">{} {}</div>', _("Explained by"), link)


@register.simple_tag
def flaps(known: Mapping[int, datetime], alert: Alert) -> SafeString:
    """That it fires and ends again and again just now."""
    return markup('<span class="badge warn">{}</span>', _("flapping")) if alert.pk in known else markup("")
