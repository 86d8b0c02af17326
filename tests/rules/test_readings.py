"""The phases in the words of others are one table, and it has no holes."""

import pytest

from hikeshi.incidents import names, readings
from hikeshi.incidents.catalogue import BadCatalogue, _check
from hikeshi.kernel.refusals import Invalid

KNOWN = names.in_use()
CELLS = [(reading, phase) for reading in KNOWN.readings for phase in KNOWN.courses.phases]


def test_there_are_the_four_readings_that_were_promised() -> None:
    assert set(KNOWN.readings) == {"ipa", "sans", "nist", "itil"}
    assert [len(one.words) for one in KNOWN.readings.values()] == [3, 6, 6, 5]


@pytest.mark.parametrize(("reading", "phase"), CELLS)
def test_every_phase_of_every_course_has_a_word_in_both_languages(reading: str, phase: str) -> None:
    spoken = KNOWN.readings[reading]
    word = spoken.words[spoken.phases[phase]]
    assert word.ja.strip()
    assert word.en.strip()
    assert word.en.isascii()


@pytest.mark.parametrize("reading", KNOWN.readings)
def test_a_course_goes_forward_in_every_reading(reading: str) -> None:
    """Somebody who reads in others' words never sees an incident go back when it goes on."""
    spoken = KNOWN.readings[reading]
    order = list(spoken.words)
    for course in KNOWN.courses.courses.values():
        places = [order.index(spoken.phases[phase]) for phase in course.phases]
        if reading == "nist":  # its functions are no order: improvement is read under Identify
            places = [place for place in places if order[place] != "identify"]
        assert places == sorted(places)


@pytest.mark.parametrize("reading", ["own", *KNOWN.readings])
def test_the_words_offered_stand_for_all_phases_and_each_for_one(reading: str) -> None:
    offered = readings.offered(reading)
    assert len(set(offered)) == len(offered)
    found = [phase for word in offered for phase in readings.phases(reading, word)]
    assert sorted(found) == sorted(KNOWN.courses.phases)


def test_a_word_or_reading_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as wrong_word:
        readings.phases("ipa", "contain")
    assert wrong_word.value.field == "phase"
    with pytest.raises(Invalid) as wrong_reading:
        readings.phases("iso", "first")
    assert wrong_reading.value.field == "reading"


def test_what_nobody_chose_or_is_gone_is_read_in_our_own_words() -> None:
    assert readings.settled("", "") == "own"
    assert readings.settled("", "ipa") == "ipa"
    assert readings.settled("own", "ipa") == "own"
    assert readings.settled("iso9999", "sans") == "sans"


def test_a_table_with_a_hole_does_not_load() -> None:
    one = KNOWN.readings["ipa"]
    holed = type(one)(one.ja, one.en, one.words, {**one.phases})
    del holed.phases["learn"]
    spoilt = type(KNOWN)(**{name: getattr(KNOWN, name) for name in KNOWN.__slots__} | {"readings": {"ipa": holed}})
    with pytest.raises(BadCatalogue):
        _check(spoilt)
