"""How a body is read: what it holds, in which encoding, and where it breaks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake.inbox.framing import DEPTH, Malformed, read, readable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=5)


@given(OBJECTS)
def test_an_object_is_one_element(document):
    assert read(json.dumps(document).encode()) == (document,)


@given(st.lists(OBJECTS, max_size=6))
def test_an_array_is_its_items(documents):
    assert read(json.dumps(documents).encode()) == tuple(documents)


@given(st.lists(OBJECTS, min_size=2, max_size=6))
def test_ndjson_is_its_lines_whether_it_says_so_or_not(documents):
    body = "\n".join(json.dumps(document) for document in documents).encode()
    assert read(body, "application/x-ndjson") == tuple(documents)
    assert read(body, "application/json") == tuple(documents)
    assert read(b"\r\n" + body.replace(b"\n", b"\r\n\r\n") + b"\r\n", "application/x-ndjson") == tuple(documents)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_place(body):
    try:
        elements = read(body)
    except Malformed as problem:
        elements, place = (), (problem.line, problem.column, problem.byte)
    else:
        place = (1, 1, 0)
    assert isinstance(elements, tuple)
    assert place >= (1, 1, 0)
    assert place[2] <= len(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-32"])
@pytest.mark.parametrize("said", [True, False])
def test_japanese_arrives_in_every_encoding_senders_use(encoding, said):
    names = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "utf-8-sig": "utf-8"}
    document = {"title": "不審なログオン（管理者）の検知", "host": "表示端末"}
    kind = f"application/json; charset={names.get(encoding, encoding)}" if said else "application/json"
    assert read(json.dumps(document, ensure_ascii=False).encode(encoding), kind) == (document,)


def test_a_header_that_is_wrong_about_its_body_loses_nothing():
    body = json.dumps({"title": "検知"}, ensure_ascii=False)
    assert read(body.encode("cp932"), "application/json; charset=utf-8") == ({"title": "検知"},)


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "byte"),
    [
        (b"", "empty", 1, 1, 0),
        (b'{"a": 1,\n "b": }', "json", 2, 7, 15),
        (b'{"a":1}\n{"b":2}\n{"c":\n', "json", 3, 6, 21),
        ('{"あ":1}\n{"い":x}'.encode(), "json", 2, 6, 17),
        ('{"表示":x}'.encode("cp932"), "json", 1, 7, 8),
        (b"7", "scalar", 1, 1, 0),
        (b'{"a":"\x01"}', "json", 1, 7, 6),
    ],
)
def test_a_broken_body_is_answered_with_the_place(body, code, line, column, byte):
    with pytest.raises(Malformed) as refused:
        read(body)
    problem = refused.value
    assert (problem.code, problem.line, problem.column, problem.byte) == (code, line, column, byte)


def test_the_place_in_declared_ndjson_counts_from_the_body_s_start():
    with pytest.raises(Malformed) as refused:
        read(b'{"a":1}\n\n{"b":nul}\n', "application/x-ndjson")
    assert (refused.value.line, refused.value.column, refused.value.byte) == (3, 6, 14)


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
def test_nesting_is_bounded_and_brackets_in_texts_do_not_count(opened, closed):
    levels = DEPTH // (2 if opened.startswith(b"[{") else 1)
    text = b'"' + b'[[{\\"' * 400 + b'"'
    inside = text if opened.startswith(b"[") else b"1"
    assert read(opened * levels + inside + closed * levels)
    for deeper in (levels + 1, 5_000, 100_000):
        with pytest.raises(Malformed) as refused:
            read(opened * deeper + b"1" + closed * deeper)
        assert refused.value.code == "depth"


@given(
    st.recursive(
        st.text('[]{}"\\\\,:a', max_size=6),
        lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text('[{"\\\\'), one),
    )
)
def test_the_depth_is_that_of_the_document_whatever_its_texts_hold(value):
    deep = {"a": value}
    for _ in range(DEPTH - _levels(deep)):
        deep = {"a": deep}
    assert read(json.dumps(deep).encode()) == (deep,)
    with pytest.raises(Malformed):
        read(json.dumps({"a": deep}).encode())


def _levels(value):
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_levels, inside), default=0)


def test_what_is_json_is_taken_however_strange():
    assert read(b'{"a":"\\ud800","b":"\\u0000"}') == ({"a": "\ud800", "b": "\0"},)
    for constant in (b"NaN", b"Infinity", b"-Infinity"):
        with pytest.raises(Malformed):
            read(b'{"a":' + constant + b"}")


def test_which_types_of_content_are_taken():
    said_by_curl = "application/x-www-form-urlencoded"
    taken = [
        "",
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/x-ndjson",
        said_by_curl,
        "a/b+json",
    ]
    refused = ["text/plain", "multipart/form-data; boundary=x", "text/xml", "json"]
    assert all(readable(kind) for kind in taken)
    assert not any(readable(kind) for kind in refused)
