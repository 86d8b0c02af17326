"""Why the desk says no, in the reader's words. Every surface says it with these sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.phrases import (
    accounts,
    assets,
    calming,
    canary,
    configuring,
    contacts,
    deciding,
    duty_calendars,
    escalation,
    figures,
    finding,
    forms,
    inhibiting,
    labels,
    lists,
    load,
    mailboxes,
    merging,
    messages,
    notices,
    planning,
    retention,
    rooms,
    rotas,
    rule_words,
    service_levels,
    silencing,
    source_words,
    staff,
    tables,
    threats,
)

SENTENCES: Final[Mapping[str, Promise]] = {
    **escalation.REFUSALS,
    **rooms.REFUSALS,
    "successor_needed": staff.REASONS["successor_needed"],
    "not_allowed": gettext_lazy("You are not allowed to do this."),
    "not_found": gettext_lazy("This is not here, or not for you to see."),
    "invalid": gettext_lazy("Something in the input cannot be used."),
    "conflict": gettext_lazy("Somebody else saved first. Neither text is lost: compare the two and save again."),
    "unmet": gettext_lazy("Something that must be done first is missing."),
    "stale": gettext_lazy("The version you changed is no longer the current one."),
    "key_reused": gettext_lazy("This key was already used for another request."),
    "no_room": gettext_lazy("The disk has no room for it. Nothing was kept; tell whoever runs this desk."),
    "damaged": gettext_lazy("This file is no longer what was attached, so it is not given out."),
    "wait": gettext_lazy("Too many tries. Try again in %(seconds)s seconds."),
    "refused": gettext_lazy("This was refused."),
    "link_used": gettext_lazy("This link has been used already."),
    "link_over": gettext_lazy("This link has ended: what it asked is settled, or too long ago."),
    "document_busy": gettext_lazy("Many documents are being made right now. Try again in a moment."),
    "document_too_large": gettext_lazy("This document would be too large to be made."),
    "fonts_missing": gettext_lazy(
        "The fonts for PDF files are missing from this installation (%(name)s). "
        "An administrator can put them there with: make install"
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    **configuring.REASONS,
    **deciding.REASONS,
    **merging.REASONS,
    **escalation.REASONS,
    **canary.REASONS,
    **accounts.REASONS,
    **contacts.REASONS,
    **staff.REASONS,
    **assets.REASONS,
    **threats.REASONS,
    **tables.REASONS,
    **retention.REASONS,
    **rooms.REASONS,
    **mailboxes.REASONS,
    **messages.REASONS,
    **rotas.REASONS,
    **duty_calendars.REASONS,
    **load.REASONS,
    **finding.REASONS,
    **forms.REASONS,
    **notices.REASONS,
    **lists.REASONS,
    **planning.REASONS,
    **figures.REASONS,
    **service_levels.REASONS,
    **rule_words.REASONS,
    **silencing.REASONS,
    **inhibiting.REASONS,
    **calming.REASONS,
    **source_words.REASONS,
    "answer_period_over": gettext_lazy(
        "This was closed more than %(limit)s days ago. Please make a new report and name this one in it."
    ),
    "already_confirmed": gettext_lazy("You have confirmed this already; a second person is asked."),
    "already_open": gettext_lazy("This phase is already in progress."),
    "ambiguous": gettext_lazy("Several go by this name. Use the identifier."),
    "builtin": gettext_lazy("A built-in role cannot be changed."),
    "changed_meanwhile": gettext_lazy("The record was closed or reopened meanwhile. Try again."),
    "code_characters": gettext_lazy("A code is up to 40 small letters, digits, _ or -."),
    "case_full": gettext_lazy("All files of one record together may have %(limit)s MB."),
    "file_too_big": gettext_lazy("A file may have %(limit)s MB."),
    "day_form": gettext_lazy("Line %(line)s: write a day as 12-29 or 2026-12-29, several as 12-29..01-03."),
    "day_order": gettext_lazy("Line %(line)s: the last day lies before the first."),
    "day_twice": gettext_lazy("Line %(line)s: this day stands here twice."),
    "held_elsewhere": gettext_lazy("%(ref)s holds this alert and is still open."),
    "hours_form": gettext_lazy("Write hours as 09:00-12:00, 13:00-18:00."),
    "hours_form_line": gettext_lazy("Line %(line)s: write a day and its hours, as in 2026-12-28 09:00-12:00."),
    "hours_overlap": gettext_lazy("These hours overlap with others, or with the next day's."),
    "hours_overlap_line": gettext_lazy("Line %(line)s: these hours overlap."),
    "hours_range": gettext_lazy("Hours go from 00:00 to 24:00; past midnight write 22:00-06:00."),
    "hours_range_line": gettext_lazy("Line %(line)s: hours go from 00:00 to 24:00."),
    "in_use": gettext_lazy("This is still in use: %(where)s"),
    "invisible_characters": gettext_lazy("The name holds characters that cannot be seen."),
    "is_closed": gettext_lazy("The record is closed; reopen it first."),
    "is_resolved": gettext_lazy("The record is resolved; reopen it first."),
    "last_member": gettext_lazy("Somebody must remain who sees this record."),
    "last_administrator": gettext_lazy("Somebody must remain who can manage this site."),
    "never_open": gettext_lazy("At least one day must have hours."),
    "never_opens": gettext_lazy("This calendar stays closed for more than two years from then."),
    "no_criteria": gettext_lazy(
        "Every text is empty, in Japanese and in English. Write at least one of them, in both languages."
    ),
    "no_such_day": gettext_lazy("Line %(line)s: there is no such day."),
    "not_a_choice": gettext_lazy("Choose one of: %(choices)s"),
    "not_a_cursor": gettext_lazy("This position does not belong to this list."),
    "not_a_date": gettext_lazy("Write a day as 2026-11-21."),
    "not_a_host": gettext_lazy("This is not the name of a host: %(host)s"),
    "one_line": gettext_lazy("One line only."),
    "not_a_key": gettext_lazy("A key is 1 to 255 printable ASCII characters."),
    "not_a_time": gettext_lazy("Write a time as 2026-11-21T10:12:00+09:00, with its zone."),
    "not_a_web_address": gettext_lazy("This is not a web address (http or https)."),
    "not_a_service_key": gettext_lazy("This is not the JSON file of a service account."),
    "not_a_tenant": gettext_lazy("A tenant is its directory ID or its domain."),
    "not_https": gettext_lazy("This address must begin with https://."),
    "token_in_clear": gettext_lazy("A token is sent over an encrypted connection alone."),
    "not_an_address": gettext_lazy("This is not an e-mail address."),
    "not_closed": gettext_lazy("The record is still open."),
    "not_in_course": gettext_lazy("This phase does not belong to the course of this record."),
    "not_offered": gettext_lazy("Offer this language first, or choose another."),
    "not_for_files": gettext_lazy("A file cannot be sent under a key; its hash tells what arrived."),
    "not_open": gettext_lazy("This phase is not in progress."),
    "not_pending": gettext_lazy("This phase has begun already."),
    "not_plausible": gettext_lazy("This time cannot be right."),
    "only_open_waits": gettext_lazy("Only an open record can wait for something."),
    "only_a_request": gettext_lazy("Only a request is closed by its answer."),
    "other_world": gettext_lazy("Real matters, drills and demonstrations are kept apart."),
    "out_of_range": gettext_lazy("The value must be between %(low)s and %(high)s."),
    "own_subtree": gettext_lazy("An organisation cannot be placed beneath itself."),
    "password_entirely_numeric": gettext_lazy("A password of digits alone is too easy to guess."),
    "password_too_common": gettext_lazy("This password is on the lists attackers try first."),
    "password_too_short": gettext_lazy("At least %(min_length)s characters."),
    "password_too_similar": gettext_lazy("This password is too close to the name or the address."),
    "past": gettext_lazy("This time has already passed."),
    "required": gettext_lazy("This is needed."),
    "root": gettext_lazy("This cannot be done to the topmost organisation."),
    "taken": gettext_lazy("This name is already in use."),
    "too_large": gettext_lazy("The value must not be above %(limit)s."),
    "too_long": gettext_lazy("At most %(limit)s characters."),
    "too_many": gettext_lazy("At most %(limit)s at once."),
    "too_many_lines": gettext_lazy("Line %(line)s and those after it are too many; 1,000 lines at most."),
    "too_short": gettext_lazy("At least %(limit)s characters."),
    "too_small": gettext_lazy("The value must not be below %(limit)s."),
    "twice": gettext_lazy("This name stands twice in one object."),
    "unknown": gettext_lazy("This is not known here."),
    "taken_already": gettext_lazy("%(name)s has it already. To have it all the same, change the owner."),
    "unknown_field": gettext_lazy("There is no field of this name."),
    "unreadable_characters": gettext_lazy("Some characters arrived broken. Please type them again."),
    "unstorable_character": gettext_lazy("The text holds a character that cannot be kept (NUL or half a pair)."),
    "used": gettext_lazy("This link has been used."),
    "username_characters": gettext_lazy("Letters, digits and . _ - @ + are possible in a user name."),
    "wrong_type": gettext_lazy("A value of another type is expected here."),
}


def sentence(refusal: Refusal) -> str:
    """The whole refusal in one sentence of the active language; for Invalid, why the field cannot be used."""
    if isinstance(refusal, Invalid):
        return reason(refusal.reason, refusal.params)
    return str(SENTENCES.get(refusal.code, SENTENCES[Refusal.code])) % _Named(refusal.fields)


def of_code(code: str) -> str:
    """For a refusal of which only the code was kept: that of the whole, or why a value could not be used."""
    return str(SENTENCES[code]) % _Named() if code in SENTENCES else reason(code, {})


def reason(code: str, params: Mapping[str, str]) -> str:
    """Why a value cannot be used. An unknown code still gets a sentence; a test finds codes that have none."""
    return str(REASONS.get(code, SENTENCES[Invalid.code])) % _Named(params)


def missing(gate: str) -> str:
    """What a gate asks for; ``phase:<code>`` stands for a phase that nobody worked on and nobody left out."""
    kind, colon, code = gate.partition(":")
    if colon and kind == "phase":
        return gettext("The phase is neither done nor left out: %(phase)s") % {"phase": labels.label("phase", code)}
    return labels.label("gate", gate)


class _Named(dict[str, str]):
    """A sentence whose value is missing is still a sentence."""

    def __missing__(self, name: str) -> str:
        return "?"
