"""What happens to the site, its people and their keys, in words."""

from typing import Final

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
