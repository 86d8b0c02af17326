"""Files of rows as people really bring them."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hikeshi.documents import tables
from hikeshi.documents.tables import Field, Table, workbooks
from hikeshi.kernel.refusals import Invalid

NAME = Field("name", "名称", "Name", required=True)
OWNER = Field("owner", "担当", "Owner", others=("責任者",))
PERSONS = Field("persons", "人数", "Number of persons")
FIELDS = (NAME, OWNER, PERSONS)
TEXT = '名称,担当\r\n"顧客DB","ミドリ\r\n山田"\r\nメール,\r\n'


def _read(body: bytes) -> Table:
    return tables.read(body, fields=FIELDS)


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def _book(rows: list[list[object]], *, merge: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for block in merge:
        sheet.merge_cells(block)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _reason(body: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        _read(body)
    return refused.value.reason


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_a_csv_file_is_read_in_whatever_encoding_japanese_offices_write_and_says_which(
    encoding: str, said: str
) -> None:
    table = _read(TEXT.encode(encoding))
    assert table.encoding == said
    assert table.headings.cells == ("名称", "担当")
    assert _cells(table) == [("顧客DB", "ミドリ\n山田"), ("メール", "")]


def test_lines_keep_the_number_they_have_in_the_file_across_quoted_line_ends_and_empty_lines() -> None:
    table = _read(b'name,owner\n"a\nb",x\n\n,\nc,y\n')
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "a\nb"), (6, "c")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_outside_quotes(delimiter: str) -> None:
    body = f'"name,;|"{delimiter}owner{delimiter}number of persons\na{delimiter}b{delimiter}3\n'.encode()
    assert _cells(_read(body)) == [("a", "b", "3")]


def test_excels_own_line_naming_the_delimiter_is_no_heading() -> None:
    table = _read(b"sep=;\nname;owner\na;b\n")
    assert (table.headings.cells, _cells(table)) == (("name", "owner"), [("a", "b")])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_file"),
        (b" \r\n\t", "empty_file"),
        (b",,,\n,,\n", "empty_file"),
        (b'name\n"never closed\n', "broken_line"),
        (b"name\n\xff\xfe\xfd\x81\n", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old_workbook"),
        (b"PK\x03\x04 no archive at all", "broken_workbook"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\xff\x00", "not_a_table"),
        (b"name\n" + b"x," * 201, "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    assert _reason(body) == reason


def test_a_broken_line_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        _read(b'name\na\n"b"c\n')
    assert (refused.value.reason, refused.value.params["line"]) == ("broken_line", "3")


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hikeshi.documents.tables.reading.MOST_ROWS", 3)
    assert _reason(b"name\n" + b"a\n" * 20) == "too_many_rows"
    monkeypatch.setattr("hikeshi.documents.tables.reading.MOST_BYTES", 30)
    assert _reason(b"name\n" + b"a\n" * 20) == "file_too_large"


def test_headings_are_found_whatever_their_width_case_and_language_and_below_a_title() -> None:
    table = _read("資産台帳,2026年度\n\nＮＡＭＥ *,責 任 者,人数（名）,部屋\n顧客DB,山田,3,A1\n".encode())
    fit = tables.fit(table.headings, FIELDS)
    assert dict(fit.columns) == {"name": 0, "owner": 1, "persons": 2}
    assert [one.heading for one in fit.unknown] == ["部屋"]
    assert fit.value(table.rows[0], "owner") == "山田"
    assert fit.usable


def test_unknown_missing_and_doubled_headings_are_named_with_what_may_have_been_meant() -> None:
    fit = tables.fit(_read(b"nmae,owner,Owner,color\na,b,c,d\n").headings, FIELDS)
    assert not fit.usable
    assert [(one.heading, one.meant) for one in fit.unknown] == [("nmae", NAME), ("color", None)]
    assert (fit.missing, fit.doubled) == ((NAME,), (OWNER,))


def test_an_excel_file_gives_its_values_with_dates_whole_numbers_and_merged_blocks() -> None:
    body = _book(
        [
            ["名称", "担当", "人数"],
            ["顧客DB", "山田", 1204.0],
            ["メール", None, datetime(2026, 11, 21)],  # noqa: DTZ001  # Excel knows no zones
            ["VPN", None, True],
        ],
        merge=("B2:B4",),
    )
    table = _read(body)
    assert table.encoding == "xlsx"
    assert _cells(table) == [("顧客DB", "山田", "1204"), ("メール", "山田", "2026-11-21"), ("VPN", "山田", "true")]


@pytest.mark.parametrize("body", [b"name,owner\n=1+1,b\n", _book([["name", "owner"], ["=1+1", "b"]])])
def test_a_formula_is_named_and_never_worked_out(body: bytes) -> None:
    row = _read(body).rows[0]
    assert row.faults == ((0, "formula"),)
    assert row.cells[0] == "=1+1"


def test_the_error_of_a_formula_is_no_value() -> None:
    assert _read(b"name\n#REF!\n").rows[0].faults == ((0, "cell_error"),)


def test_an_excel_file_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 50_000)
    rows: list[list[object]] = [["name"], *([f"name {number}"] for number in range(5_000))]
    assert _reason(_book(rows)) == "unpacks_too_large"


@pytest.mark.parametrize(
    "prolog",
    [b'<!DOCTYPE x [<!ENTITY a "b">]>', b'<?xml version="1.0" encoding="UTF-7"?>', "\ufeff<a/>".encode("utf-16-le")],
)
def test_an_excel_file_with_entities_or_an_odd_encoding_is_refused_unread(prolog: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book([["name"], ["a"]]))) as good, zipfile.ZipFile(out, "w") as bad:
        for entry in good.infolist():
            content = good.read(entry)
            bad.writestr(entry.filename, prolog + content if "sheet1" in entry.filename else content)
    assert _reason(out.getvalue()) == "broken_workbook"


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_written_out_runs_in_a_spreadsheet_and_it_comes_back_as_it_was(text: str) -> None:
    written = tables.to_csv(["name"], [[text]])
    assert written.decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"').startswith("'")
    book = tables.to_workbook("Assets", ["name"], [[text]])
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    assert str(sheet["A2"].value).startswith("'")
    assert sheet["A2"].data_type != "f"
    for body in (written, book):
        row = _read(body).rows[0]
        assert row.faults == ()
        assert row.cells[0].strip() == text.strip()


INSIDE = ["x;=1+1;y", "x\t@SUM(A1)", "x\n-1", "x\r\n=1", "x; +1", "x;＝1", "=1;=2"]


@pytest.mark.parametrize("text", INSIDE)
def test_nothing_runs_where_a_spreadsheet_parts_cells_elsewhere_and_it_comes_back_as_it_was(text: str) -> None:
    written = tables.to_csv(["id", "name"], [["a", text]])
    for parts in (";", "\t", ";,", "\t;,"):  # as the locale has it, and as LibreOffice asks; quotes or not
        cells = re.split(f"[{parts}\r\n]", written.decode("utf-8-sig").replace('"', ""))
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert _read(written).rows[0].cells == ("a", text.replace("\r\n", "\n"))
    book = load_workbook(io.BytesIO(tables.to_workbook("Assets", ["id", "name"], [["a", text.replace("\r", "")]])))
    kept = str(book.worksheets[0]["B2"].value).removeprefix("'")
    assert kept == text.replace("\r", ""), "a workbook has its cells already"


def test_a_list_in_a_text_and_a_blank_line_stay_as_they_are_in_a_workbook_and_come_back_from_lines() -> None:
    text = "Seen:\n\n- pc-1\n- pc-2; a=b"
    written = tables.to_csv(["id", "name"], [["a", text]])
    assert "\n\n'- pc-1\n'- pc-2; a=b" in written.decode("utf-8-sig")
    assert _read(written).rows[0].cells == ("a", text)


def test_numbers_and_dates_are_written_as_such() -> None:
    row = ["a", -5, 1.5, date(2026, 11, 21), None]
    assert tables.to_csv(["name", "b", "c", "d", "e"], [row]).endswith(b'"a",-5,1.5,"2026-11-21",""\r\n')
    assert _cells(_read(tables.to_workbook("A/B:C", ["name", "b", "c", "d", "e"], [row])))[0][:4] == (
        "a",
        "-5",
        "1.5",
        "2026-11-21",
    )


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20), min_size=1, max_size=4)
)
def test_what_is_written_is_read_again(texts: list[str]) -> None:
    wanted = tuple(text.strip() for text in texts)
    body = tables.to_csv(["name", "b", "c", "d"], [["kept", *wanted]])
    assert _read(body).rows[0].cells[: len(wanted) + 1] == ("kept", *wanted)


@given(st.binary(max_size=300))
@example(b"\x1c")  # white space to Python, though not to the reader of CSV
def test_no_file_breaks_the_reader(body: bytes) -> None:
    for prefix in (b"", b"name\n", b"PK\x03\x04"):
        try:
            _read(prefix + body)
        except Invalid:
            continue


def test_lines_that_say_the_same_twice_are_named_with_the_first() -> None:
    assert tables.same_twice([(2, "a"), (3, "b"), (4, "a"), (5, ""), (6, ""), (7, "a")]) == {4: 2, 7: 2}
