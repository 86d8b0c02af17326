"""Verbs of intake."""

from hikeshi.intake.actions.calming import LIMITS as CALMING_LIMITS
from hikeshi.intake.actions.calming import end_benign, list_benign, review_benign, set_flapping, settle_flapping
from hikeshi.intake.actions.canaries import body as canary_body
from hikeshi.intake.actions.canaries import take_canary
from hikeshi.intake.actions.cases import correct_verdict, link_case
from hikeshi.intake.actions.correlating import forget_groups
from hikeshi.intake.actions.failing import fail_rule
from hikeshi.intake.actions.inhibiting import LIMITS as INHIBITION_LIMITS
from hikeshi.intake.actions.inhibiting import (
    change_inhibition,
    end_inhibition,
    set_inhibition,
    speak_after_inhibition,
)
from hikeshi.intake.actions.parking import dismiss_parked, park, replay
from hikeshi.intake.actions.receipts import purge_receipts
from hikeshi.intake.actions.reporting import report_noise, set_noise_report
from hikeshi.intake.actions.ruling import checked, keep_rule_files, refused, review_rule, save_rule, switch_rule_off
from hikeshi.intake.actions.seeing import forget_things
from hikeshi.intake.actions.silencing import LIMITS as SILENCE_LIMITS
from hikeshi.intake.actions.silencing import end_silence, set_silence, snooze_alert, speak_after_silence
from hikeshi.intake.actions.sourcing import Progress, replay_source, save_source, take_out_source
from hikeshi.intake.actions.sourcing import checked as checked_source
from hikeshi.intake.actions.sourcing import unusable as unusable_source
from hikeshi.intake.actions.switching import TRIED_ON, switch_rule_on
from hikeshi.intake.actions.topics import (
    allow_topic,
    ask_again,
    claim_topic,
    remove_topic,
    settle_topic,
    take_handshake,
)
from hikeshi.intake.actions.watching import MOST_DAYS as MOST_QUIET_DAYS
from hikeshi.intake.actions.watching import learn_rhythms, note_heard, remind_of_silence, watch_source

__all__ = [
    "CALMING_LIMITS",
    "INHIBITION_LIMITS",
    "MOST_QUIET_DAYS",
    "SILENCE_LIMITS",
    "TRIED_ON",
    "Progress",
    "allow_topic",
    "ask_again",
    "canary_body",
    "change_inhibition",
    "checked",
    "checked_source",
    "claim_topic",
    "correct_verdict",
    "dismiss_parked",
    "end_benign",
    "end_inhibition",
    "end_silence",
    "fail_rule",
    "forget_groups",
    "forget_things",
    "keep_rule_files",
    "learn_rhythms",
    "link_case",
    "list_benign",
    "note_heard",
    "park",
    "purge_receipts",
    "refused",
    "remind_of_silence",
    "remove_topic",
    "replay",
    "replay_source",
    "report_noise",
    "review_benign",
    "review_rule",
    "save_rule",
    "save_source",
    "set_flapping",
    "set_inhibition",
    "set_noise_report",
    "set_silence",
    "settle_flapping",
    "settle_topic",
    "snooze_alert",
    "speak_after_inhibition",
    "speak_after_silence",
    "switch_rule_off",
    "switch_rule_on",
    "take_canary",
    "take_handshake",
    "take_out_source",
    "unusable_source",
    "watch_source",
]
