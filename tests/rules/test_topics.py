"""Topic tokens: bound to a session, over after minutes, impossible to make up."""

from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.kernel import topics

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def test_a_token_grants_its_topics_to_its_own_session_for_ten_minutes():
    token = topics.sign(("incidents", "incident:1"), session="cookie", secret="key", now=NOW)
    grant = topics.read(token, session="cookie", secret="key", now=NOW + timedelta(minutes=9))
    assert grant is not None
    assert grant.topics == {"incidents", "incident:1"}
    assert topics.read(token, session="cookie", secret="key", now=NOW + topics.LIFE) is None
    assert topics.read(token, session="another", secret="key", now=NOW) is None
    assert topics.read(token, session="", secret="key", now=NOW) is None
    assert topics.read(token, session="cookie", secret="another", now=NOW) is None


def test_a_changed_token_grants_nothing():
    token = topics.sign(("incidents",), session="cookie", secret="key", now=NOW)
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert topics.read(changed, session="cookie", secret="key", now=NOW) is None
    for nonsense in ("", ".", "a.b", "é.é", token.partition(".")[0]):
        assert topics.read(nonsense, session="cookie", secret="key", now=NOW) is None


def test_no_token_is_signed_for_nobody():
    with pytest.raises(ValueError, match="session"):
        topics.sign(("incidents",), session="", secret="key", now=NOW)
