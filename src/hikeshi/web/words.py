"""Titles of the pages that say no."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REQUIRED = gettext_lazy("This field is required.")
"""Django's own words, named here so that our catalogue says them: its Japanese is stiff."""


def missing() -> str:
    return _("There is nothing here for you")


def barred() -> str:
    return _("You are not allowed to do this")


def expired() -> str:
    return _("This form is too old")


def unreadable() -> str:
    return _("The request could not be read")


def failed() -> str:
    return _("Something failed on our side")


def away() -> str:
    return _("The desk cannot be reached")
