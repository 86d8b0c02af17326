"""The verbs of accounts, by noun. Everybody else imports them from here."""

from hikeshi.accounts.actions.calendars import add_calendar, choose_calendar, edit_calendar, remove_calendar
from hikeshi.accounts.actions.checks import ask_way, claim_reminder, end_check
from hikeshi.accounts.actions.comparing import (
    Pick,
    apply_staff_comparison,
    close_staff_comparison,
    continue_staff_comparisons,
    is_comparing_staff,
    match_staff_columns,
    prepare_staff_comparison,
)
from hikeshi.accounts.actions.ended import forget_ended
from hikeshi.accounts.actions.importing import (
    carry_out_people_import,
    continue_people_imports,
    is_importing_people,
    prepare_people_import,
)
from hikeshi.accounts.actions.leaving import let_go
from hikeshi.accounts.actions.organisations import (
    add_organisation,
    move_organisation,
    reinstate_organisation,
    rename_organisation,
    retire_organisation,
)
from hikeshi.accounts.actions.parties import (
    add_party,
    edit_party,
    reinstate_party,
    retire_party,
    set_call_sheet,
    set_contact_rules,
    set_responsibilities,
)
from hikeshi.accounts.actions.people import (
    accept_invitation,
    add_person,
    deactivate_person,
    edit_person,
    invite,
    move_person,
    reactivate_person,
    set_password,
    set_preferences,
    sign_out_person,
)
from hikeshi.accounts.actions.public_desks import take_up_desk
from hikeshi.accounts.actions.readings import choose_reading, choose_site_reading
from hikeshi.accounts.actions.rights import define_role, grant_role, require_second_factor, revoke_role
from hikeshi.accounts.actions.second_factors import (
    note_second_factors,
    remove_second_factor,
    remove_second_factors,
)
from hikeshi.accounts.actions.signing_in import (
    drop_attempt,
    note_sign_in,
    note_sign_out,
    open_attempt,
    revoke_session,
    settle_attempt,
    weigh_attempt,
)
from hikeshi.accounts.actions.site import Prepared, bootstrap, edit_site, hold_site, release_site
from hikeshi.accounts.actions.teams import add_team, change_team, reinstate_team, retire_team
from hikeshi.accounts.actions.tokens import create_token, revoke_token
from hikeshi.accounts.actions.ways import (
    add_way,
    change_way,
    doubt_way,
    order_ways,
    prove_way,
    remove_way,
    set_card,
)

__all__ = [
    "Pick",
    "Prepared",
    "accept_invitation",
    "add_calendar",
    "add_organisation",
    "add_party",
    "add_person",
    "add_team",
    "add_way",
    "apply_staff_comparison",
    "ask_way",
    "bootstrap",
    "carry_out_people_import",
    "change_team",
    "change_way",
    "choose_calendar",
    "choose_reading",
    "choose_site_reading",
    "claim_reminder",
    "close_staff_comparison",
    "continue_people_imports",
    "continue_staff_comparisons",
    "create_token",
    "deactivate_person",
    "define_role",
    "doubt_way",
    "drop_attempt",
    "edit_calendar",
    "edit_party",
    "edit_person",
    "edit_site",
    "end_check",
    "forget_ended",
    "grant_role",
    "hold_site",
    "invite",
    "is_comparing_staff",
    "is_importing_people",
    "let_go",
    "match_staff_columns",
    "move_organisation",
    "move_person",
    "note_second_factors",
    "note_sign_in",
    "note_sign_out",
    "open_attempt",
    "order_ways",
    "prepare_people_import",
    "prepare_staff_comparison",
    "prove_way",
    "reactivate_person",
    "reinstate_organisation",
    "reinstate_party",
    "reinstate_team",
    "release_site",
    "remove_calendar",
    "remove_second_factor",
    "remove_second_factors",
    "remove_way",
    "rename_organisation",
    "require_second_factor",
    "retire_organisation",
    "retire_party",
    "retire_team",
    "revoke_role",
    "revoke_session",
    "revoke_token",
    "set_call_sheet",
    "set_card",
    "set_contact_rules",
    "set_password",
    "set_preferences",
    "set_responsibilities",
    "settle_attempt",
    "sign_out_person",
    "take_up_desk",
    "weigh_attempt",
]
