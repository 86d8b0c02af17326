"""The verbs of an incident. The only writer of this domain's rows."""

from hikeshi.incidents.actions.alerting import attach_alerts, open_from_alerts, take_judgement
from hikeshi.incidents.actions.answers import Mended, mend_answers
from hikeshi.incidents.actions.asking import ask_decision, decide, withdraw_decision
from hikeshi.incidents.actions.assets import link_asset, unlink_asset
from hikeshi.incidents.actions.calling import (
    answer_call,
    ask_for_help,
    call_again,
    call_for_help,
    hand_over_call,
    stop_call,
    take_answer,
    take_executives,
    take_severity,
)
from hikeshi.incidents.actions.calls import log_call
from hikeshi.incidents.actions.configuring import (
    rejudge,
    rejudge_all,
    restore_matrix,
    set_matrix,
    usable,
    word_levels,
)
from hikeshi.incidents.actions.conversation import (
    mark_read,
    rate,
    reply,
    turn_into_incident,
    withdraw_question,
    write_to_desk,
)
from hikeshi.incidents.actions.course import close, finish_phase, move, reopen, set_phase_owner, skip_phase
from hikeshi.incidents.actions.courses import retire_course, set_course
from hikeshi.incidents.actions.criteria import review_criteria, write_criteria
from hikeshi.incidents.actions.deciding import classify, declare, edit, set_kind, set_priority, set_tlp
from hikeshi.incidents.actions.estimating import estimate, estimate_task
from hikeshi.incidents.actions.files import ask_to_attach, attach_file, keep_file, remove_file, tell_exported
from hikeshi.incidents.actions.gating import confirm_gate, require, satisfy
from hikeshi.incidents.actions.keeping import hold_record, release_record
from hikeshi.incidents.actions.kinds import add_kind, edit_kind, order_kinds, retire_kind
from hikeshi.incidents.actions.knocking import drop_knock, forget_knocks, knock, weigh_knock
from hikeshi.incidents.actions.merging import merge
from hikeshi.incidents.actions.opening import Origin, open_incident
from hikeshi.incidents.actions.parting import unmerge
from hikeshi.incidents.actions.people import add_person, assign, remove_person
from hikeshi.incidents.actions.planning import plan_task, remove_milestone, set_milestone
from hikeshi.incidents.actions.presence import forget_presence, look
from hikeshi.incidents.actions.receiving import Received
from hikeshi.incidents.actions.reports import erase_reporter, renew_follow_code, report, set_reporting
from hikeshi.incidents.actions.secrecy import break_glass, restrict, unrestrict
from hikeshi.incidents.actions.settling import roll_back
from hikeshi.incidents.actions.spending import add_cost, correct_cost
from hikeshi.incidents.actions.splitting import split
from hikeshi.incidents.actions.tasks import add_task, assign_task, finish_task, reopen_task
from hikeshi.incidents.actions.times import acknowledge, set_moment
from hikeshi.incidents.actions.under import Step, answer_all, close_all, put_under, take_from_under
from hikeshi.incidents.actions.vault import destroy_removed_files, settle_doubts, sweep_vault
from hikeshi.incidents.actions.waiting import end_waits, resume, wait
from hikeshi.incidents.actions.weighing import weigh_asset
from hikeshi.incidents.actions.writing import add_link, note, remove_link, set_fact

__all__ = [
    "Mended",
    "Origin",
    "Received",
    "Step",
    "acknowledge",
    "add_cost",
    "add_kind",
    "add_link",
    "add_person",
    "add_task",
    "answer_all",
    "answer_call",
    "ask_decision",
    "ask_for_help",
    "ask_to_attach",
    "assign",
    "assign_task",
    "attach_alerts",
    "attach_file",
    "break_glass",
    "call_again",
    "call_for_help",
    "classify",
    "close",
    "close_all",
    "confirm_gate",
    "correct_cost",
    "decide",
    "declare",
    "destroy_removed_files",
    "drop_knock",
    "edit",
    "edit_kind",
    "end_waits",
    "erase_reporter",
    "estimate",
    "estimate_task",
    "finish_phase",
    "finish_task",
    "forget_knocks",
    "forget_presence",
    "hand_over_call",
    "hold_record",
    "keep_file",
    "knock",
    "link_asset",
    "log_call",
    "look",
    "mark_read",
    "mend_answers",
    "merge",
    "move",
    "note",
    "open_from_alerts",
    "open_incident",
    "order_kinds",
    "plan_task",
    "put_under",
    "rate",
    "rejudge",
    "rejudge_all",
    "release_record",
    "remove_file",
    "remove_link",
    "remove_milestone",
    "remove_person",
    "renew_follow_code",
    "reopen",
    "reopen_task",
    "reply",
    "report",
    "require",
    "restore_matrix",
    "restrict",
    "resume",
    "retire_course",
    "retire_kind",
    "review_criteria",
    "roll_back",
    "satisfy",
    "set_course",
    "set_fact",
    "set_kind",
    "set_matrix",
    "set_milestone",
    "set_moment",
    "set_phase_owner",
    "set_priority",
    "set_reporting",
    "set_tlp",
    "settle_doubts",
    "skip_phase",
    "split",
    "stop_call",
    "sweep_vault",
    "take_answer",
    "take_executives",
    "take_from_under",
    "take_judgement",
    "take_severity",
    "tell_exported",
    "turn_into_incident",
    "unlink_asset",
    "unmerge",
    "unrestrict",
    "usable",
    "wait",
    "weigh_asset",
    "weigh_knock",
    "withdraw_decision",
    "withdraw_question",
    "word_levels",
    "write_criteria",
    "write_to_desk",
]
