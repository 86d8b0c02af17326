"""A question that is written shorter asks the same."""

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.search.matching import All, Book, Condition, Either, Token, found, simplest, wanted
from hikeshi.search.question import Term

TOKENS = st.builds(Token, st.sampled_from(["la", "lab", "lb", "wc", "gd"]), st.booleans())
CONDITIONS = st.recursive(
    TOKENS,
    lambda parts: st.builds(
        lambda kind, of: kind(tuple(of)), st.sampled_from([All, Either]), st.lists(parts, min_size=1, max_size=4)
    ),
    max_leaves=12,
)
DOCUMENTS = st.frozensets(st.sampled_from(["la", "lab", "labc", "lb", "wc", "gd"]))


def holds(condition: Condition, document: frozenset[str]) -> bool:
    match condition:
        case Token(text, beginning):
            return any(one.startswith(text) for one in document) if beginning else text in document
        case All(of):
            return all(holds(one, document) for one in of)
        case Either(of):
            return any(holds(one, document) for one in of)


def parts(condition: Condition) -> list[Condition]:
    return [condition] if isinstance(condition, Token) else [one for each in condition.of for one in parts(each)]


@given(CONDITIONS, st.lists(DOCUMENTS, min_size=1, max_size=8))
def test_what_is_found_stays_the_same_and_nothing_is_asked_that_was_not(
    condition: Condition, documents: list[frozenset[str]]
) -> None:
    short = simplest(condition)
    assert [holds(short, one) for one in documents] == [holds(condition, one) for one in documents]
    assert len(parts(short)) <= len(parts(condition))
    assert simplest(short) == short


def test_words_that_mean_the_same_are_asked_once_however_many_bring_them_along() -> None:
    server, host = Token("lserver"), Token("lhost")
    twice = Either((Either((Token("wサーバー"), Either((server, host)))), Either((server, host))))
    assert simplest(twice) == Either((Token("wサーバー"), server, host))
    assert simplest(Either((Token("lph", beginning=True), Token("lphish")))) == Token("lph", beginning=True)
    assert simplest(All((server, Either((server, host))))) == server


def test_a_question_is_written_in_its_shortest_form_for_either_database() -> None:
    book = Book({("server",): ("host",)})
    asked = wanted([Term("server")], lambda texts: [() for _ in texts], book)
    for vendor in ("sqlite", "postgresql"):
        spelled = found("alert", asked, vendor)
        assert (spelled.count("server"), spelled.count("host")) == (2, 2), "each word, and its stem"
        assert "kalert" in spelled
