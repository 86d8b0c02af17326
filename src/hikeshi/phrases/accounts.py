"""What happens to the site, its people and their keys, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

ROLE: Final = {"role": "account_role"}

SENTENCES: Final = {
    "accounts.SitePrepared": Sentence(_("Prepared the site.")),
    "accounts.SiteHeld": Sentence(_("Held the site: nothing leaves it.")),
    "accounts.SiteReleased": Sentence(_("Released the site.")),
    "accounts.SiteReadingChosen": Sentence(
        _("Phases are named in the words of %(reading)s."),
        {"reading": "reading"},
        otherwise=_("Phases are named in the desk's own words."),
    ),
    "accounts.SiteChanged": Sentence(_("Changed the site's settings.")),
    "accounts.CalendarSet": Sentence(_("Saved the calendar %(title)s (version %(number)s).")),
    "accounts.CalendarRemoved": Sentence(_("Removed the calendar %(title)s.")),
    "accounts.CalendarChosen": Sentence(
        _("Chose the calendar %(title)s for an organisation."),
        otherwise=_("Let an organisation keep the calendar of the one above it."),
    ),
    "accounts.OrganisationAdded": Sentence(_("Added an organisation.")),
    "accounts.OrganisationRenamed": Sentence(_("Renamed an organisation.")),
    "accounts.OrganisationMoved": Sentence(_("Moved an organisation.")),
    "accounts.OrganisationRetired": Sentence(_("Put an organisation out of use.")),
    "accounts.OrganisationReinstated": Sentence(_("Put an organisation in use again.")),
    "accounts.PeopleImported": Sentence(
        _("Imported people. New: %(added)s, changed: %(changed)s, out of use: %(deactivated)s.")
    ),
    "accounts.PersonMoved": Sentence(_("Moved a person to another organisation.")),
    "accounts.PersonAdded": Sentence(_("Added a person.")),
    "accounts.PersonChanged": Sentence(_("Changed a person's data.")),
    "accounts.PersonDeactivated": Sentence(_("Deactivated a person.")),
    "accounts.PersonReactivated": Sentence(_("Reactivated a person.")),
    "accounts.PasswordSet": Sentence(_("Set a password.")),
    "accounts.Invited": Sentence(_("Invited a person to choose a password, until %(expires_at)s.")),
    "accounts.RoleDefined": Sentence(_("Defined the role %(role)s."), ROLE),
    "accounts.SecondFactorRequired": Sentence(_("Changed whether the role %(role)s needs a second factor."), ROLE),
    "accounts.RoleGranted": Sentence(_("Granted the role %(role)s."), ROLE),
    "accounts.RoleRevoked": Sentence(_("Revoked the role %(role)s."), ROLE),
    "accounts.TeamChanged": Sentence(_("Changed a team.")),
    "accounts.TeamRetired": Sentence(_("Put a team out of use.")),
    "accounts.TeamReinstated": Sentence(_("Put a team in use again.")),
    "accounts.TeamRemoved": Sentence(_("Removed a team.")),
    "accounts.TokenCreated": Sentence(
        _("Created a token for the source %(source)s."), otherwise=_("Created a token for a person.")
    ),
    "accounts.TokenRevoked": Sentence(_("Revoked a token.")),
    "accounts.SignedIn": Sentence(_("Signed in.")),
    "accounts.SignInFailed": Sentence(_("A sign-in failed.")),
    "accounts.SessionEnded": Sentence(_("A session ended.")),
    "accounts.SecondFactorAdded": Sentence(_("Added a second factor.")),
    "accounts.SecondFactorRemoved": Sentence(_("Removed a second factor.")),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "token_scope": {
        "intake": pgettext_lazy("token_scope", "Token, sent along"),
        "signed": pgettext_lazy("token_scope", "Secret, to sign with"),
        "api": pgettext_lazy("token_scope", "Token of a person"),
    },
    "person_field": {
        "username": pgettext_lazy("person_field", "User name"),
        "name": pgettext_lazy("person_field", "Name"),
        "email": pgettext_lazy("person_field", "E-mail"),
        "organisation": pgettext_lazy("person_field", "Organisation"),
        "roles": pgettext_lazy("person_field", "Roles"),
        "language": pgettext_lazy("person_field", "Language"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "address_taken": gettext_lazy("Somebody else has this address."),
    "ambiguous_place": gettext_lazy("Several organisations are called “%(word)s”. Write parent / child."),
    "is_retired": gettext_lazy("This organisation is out of use."),
    "not_a_member": gettext_lazy("Whoever leads belongs to the team."),
    "not_missing": gettext_lazy("Somebody to put out of use is not among those missing from the file. Look again."),
    "not_yours": gettext_lazy("You may not change this person: they hold more than you, or belong elsewhere."),
    "secret_form": gettext_lazy(
        "A signing secret has %(least)s to %(most)s letters, digits and signs, all of them ASCII."
    ),
    "secret_taken": gettext_lazy("This source has this secret already. Let the maker choose another one."),
    "role_beyond_you": gettext_lazy("You may not give the role “%(word)s” there: it holds more than you do."),
    "team_needed": gettext_lazy(
        "Without this team nobody would be called, or given the record. Change this first: %(where)s. Places: %(count)s"
    ),
    "team_needed_unseen": gettext_lazy(
        "Without this team nobody would be called, or given the record, in places you may not see: %(count)s"
    ),
    "team_retired": gettext_lazy("This team is out of use."),
    "unknown_place": gettext_lazy("There is no organisation “%(word)s” here."),
    "unknown_role": gettext_lazy("There is no role “%(word)s”."),
}
