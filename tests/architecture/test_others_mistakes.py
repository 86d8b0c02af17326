"""What other tools got wrong, and the tests here that fail when we do the same. The numbers are those of the list that
this desk was built against; behind each stands whose mistake it was.
"""

import ast
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]

MISTAKES: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    1: (
        "two workers, the same new fingerprint at the same instant (Keep #5354)",
        ("domains/test_intake_digest::test_two_digesters_that_meet_the_same_new_alert_make_one_row",),
    ),
    2: (
        "identical events inside one batch (Keep)",
        ("domains/test_intake_digest::test_identical_alerts_inside_one_batch_are_one_row",),
    ),
    3: (
        "a claim is one conditional UPDATE (OneUptime F13)",
        (
            "domains/test_notify::test_two_engines_never_take_the_same",
            "domains/test_escalation::test_two_engines_that_take_the_same_call_everybody_once",
        ),
    ),
    4: (
        "a long personal rule is not reaped (OneUptime F16)",
        (
            "domains/test_notify::test_an_own_rule_of_four_hours_rings_after_four_hours_and_no_lease_or_round_takes_it_away",
        ),
    ),
    5: (
        "a policy that paged nobody is loud",
        (
            "domains/test_escalation::test_a_step_that_reaches_nobody_is_loud_and_the_next_one_comes_at_once",
            "domains/test_escalation::test_a_call_that_reaches_nobody_at_all_is_the_loudest_at_once",
        ),
    ),
    6: (
        "repeat once is two rounds (OneUptime)",
        (
            "rules/test_escalation::test_repeat_once_is_two_rounds_and_then_nobody_is_left",
            "domains/test_escalation::test_repeat_once_is_two_rounds_and_then_it_is_said_aloud",
        ),
    ),
    7: (
        "a worker killed between the claim and the provider",
        (
            "domains/test_escalation::test_killed_at_any_point_of_a_step_everybody_is_called_once_and_nobody_is_left_out",
            "domains/test_notify::test_an_unknown_outcome_is_sent_again_where_an_answer_is_awaited_and_says_so",
        ),
    ),
    8: (
        "a step of the day resumes after a restart (OnCall #1206)",
        ("domains/test_escalation::test_a_step_of_the_day_waits_for_the_morning_whatever_happens_meanwhile",),
    ),
    9: (
        "an escalation edited while it runs goes on as it began",
        ("domains/test_escalation::test_an_edit_comes_too_late_for_a_call_under_way",),
    ),
    10: (
        "an answer just before a queued call: no call (OnCall #5145)",
        (
            "domains/test_notify::test_what_was_acknowledged_before_it_left_does_not_leave",
            "domains/test_escalation::test_a_call_that_was_answered_before_it_was_sent_has_no_words_any_more",
        ),
    ),
    11: (
        "a backlog of hours: nothing stale, the newest and most severe first",
        (
            "domains/test_escalation::test_after_an_outage_the_most_severe_and_newest_come_first_five_hundred_at_once",
            "domains/test_escalation::test_what_was_taken_long_after_its_time_does_not_come_in_a_burst",
        ),
    ),
    12: (
        "inhibition with several sources, one resolves (Alertmanager #5162)",
        (
            "rules/test_inhibitions::test_when_one_of_several_sources_is_over_the_others_still_hold",
            "domains/test_inhibitions::test_while_one_of_two_sources_fires_nothing_speaks",
        ),
    ),
    13: (
        "equal labels that are all missing",
        ("rules/test_inhibitions::test_what_neither_has_is_the_same_and_what_one_lacks_is_not",),
    ),
    14: (
        "a restart with old alerts: inhibition is known before the first batch (Alertmanager #4064)",
        (
            "domains/test_inhibitions::test_in_one_batch_the_order_does_not_matter_and_after_a_restart_rows_tell",
            "domains/test_silencing::test_the_first_batch_after_a_restart_knows_what_is_open",
        ),
    ),
    15: (
        "a silence ends while the alert fires; what was paged and ends silenced is told (Alertmanager #226, #2896)",
        (
            "domains/test_silencing::test_what_still_fires_when_a_silence_ends_is_heard_and_what_ended_in_it_is_not",
            (
                "domains/test_silencing::"
                "test_whoever_was_called_for_a_thing_is_told_that_it_is_over_though_it_was_silenced_meanwhile"
            ),
        ),
    ),
    16: (
        "a maintenance window drops nothing, and what still fires at its end fires",
        (
            "domains/test_silences::test_nothing_is_lost_however_much_was_held",
            "domains/test_silences::test_what_matches_is_held_counted_and_opens_nothing_and_speaks_at_the_end",
        ),
    ),
    17: (
        "a key of 255 signs and more; an answer under another key is nobody's",
        (
            (
                "domains/test_silencing::"
                "test_keys_that_differ_only_past_their_255th_sign_are_two_things_and_an_end_under_another_key_ends_nothing"
            ),
        ),
    ),
    18: (
        "a trigger after the end opens anew; an acknowledgement after it changes nothing",
        (
            "domains/test_intake_digest::test_what_pagerduty_says_of_one_key_is_one_alert_that_keeps_its_words",
            "domains/test_incidents_alerts::test_what_fires_again_after_the_close_opens_anew_and_the_old_record_stays_closed",
        ),
    ),
    19: (
        "daylight saving: a day's rotation over both changes, the 31st, a gap",
        (
            "rules/test_rota::test_a_day_is_handed_over_at_nine_in_summer_and_in_winter",
            "rules/test_rota::test_a_month_handed_over_on_the_31st_comes_back_to_the_31st",
            (
                "rules/test_rota::"
                "test_a_hand_over_at_a_time_that_is_left_out_is_at_the_change_and_one_that_comes_twice_at_the_first"
            ),
        ),
    ),
    20: (
        "a rule that fails on one alert blocks no other",
        (
            (
                "domains/test_intake_site_rules::"
                "test_a_rule_that_fails_is_switched_off_and_its_owner_told_and_the_others_judge_the_alert"
            ),
        ),
    ),
    21: (
        "a poison alert cannot crash the engine again and again (Healthchecks)",
        (
            "domains/test_digest_loop::test_a_body_that_ended_every_process_is_parked_unread",
            "domains/test_intake_digest::test_a_body_that_ends_every_digest_is_parked_whole_and_once",
        ),
    ),
    22: (
        "an alert acknowledged months ago stays quiet (OnCall #3111)",
        ("domains/test_escalation::test_an_answer_holds_for_months_unless_it_is_said_to_time_out",),
    ),
    23: (
        "the first alert of a quiet service passes a storm (GoAlert)",
        (
            "domains/test_silencing::test_the_first_alert_of_a_quiet_service_passes_a_storm_of_ten_thousand",
            "domains/test_inboxes::test_the_first_alert_of_a_quiet_source_overtakes_a_hundred_thousand_of_another",
        ),
    ),
    24: (
        "what counts against a throttle survives a restart",
        ("domains/test_notify::test_how_much_a_way_has_carried_is_known_after_a_restart",),
    ),
    25: (
        "an old worker takes no work once the tables are newer (GoAlert)",
        ("domains/test_beats::test_an_engine_of_yesterday_takes_no_work_once_the_tables_are_of_tomorrow",),
    ),
}


def written_in(module: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((TESTS / f"{module}.py").read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_all_of_the_list_is_there() -> None:
    assert sorted(MISTAKES) == list(range(1, 26))
    assert all(words and tests for words, tests in MISTAKES.values())


@pytest.mark.parametrize("number", MISTAKES, ids=str)
def test_a_mistake_of_others_has_its_test_here(number: int) -> None:
    for name in MISTAKES[number][1]:
        module, _, test = name.partition("::")
        found = written_in(module).get(test)
        assert found is not None, name
        assert not [
            mark for mark in found.decorator_list if "skip(" in ast.unparse(mark) or "xfail" in ast.unparse(mark)
        ]
