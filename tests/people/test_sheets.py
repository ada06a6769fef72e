"""Files as people have them: encodings, delimiters, formulas, spreadsheets."""

import io
import tracemalloc
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from deskbook.people.lists.sheets import (
    UnreadableList,
    as_text,
    csv_file,
    looks_like_formula,
    open_sheet,
)
from tests.people.list_steps import written

TEXT = "name;office\nJoão;Nampula\nമലയാളം;തിരുവനന്തപുരം\n"
PLAIN = "name;office\nJoão;Nampula\n"


def read(data):
    sheet = open_sheet(data)
    return sheet.header, [cells for _line, cells in sheet.rows], sheet.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_any_of_its_encodings_reads_the_same_with_or_without_a_byte_order_mark(encoding):
    header, rows, notes = read(TEXT.encode(encoding))
    assert header == ("name", "office")
    assert rows[1] == ["മലയാളം", "തിരുവനന്തപുരം"]
    assert notes == []


def test_windows_1252_is_read_and_said_with_the_first_line_to_look_at():
    _header, rows, (note,) = read(PLAIN.encode("cp1252"))
    assert rows == [["João", "Nampula"]]
    assert "not UTF-8" in note.sentence
    assert "line 2" in note.sentence


def test_an_encoding_nobody_can_guess_is_refused_naming_the_line():
    with pytest.raises(UnreadableList, match="Line 2 is in an encoding"):
        open_sheet(b"name\n\x81\xff\n")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_found_by_itself_and_quotes_protect_it(delimiter):
    data = f'name{delimiter}"office{delimiter}place"\n"A{delimiter}B"{delimiter}C\n'.encode()
    assert read(data)[1] == [[f"A{delimiter}B", "C"]]


def test_lines_keep_the_number_a_person_finds_them_by():
    sheet = open_sheet(b'sep=;\nname;note\n\nA;"two\nlines"\nB;x\n')
    assert [line for line, _cells in sheet.rows] == [4, 6]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b",,\n,,\n", "no lines"),
        (b"name\n", "only one line"),
        (b"name,name\nA,B\n", "Two columns are called “name”"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0old", "XLS"),
        (b"PK\x03\x04 broken", "cannot be opened"),
        (b"name\nA\x00B\n", "no text file"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(data, sentence):
    with pytest.raises(UnreadableList, match=sentence):
        list(open_sheet(data).rows)


def test_a_spreadsheet_reads_like_its_csv_and_a_formula_stays_text():
    book = Workbook()
    book.active.append(["name", "phone", "since", "named"])
    # Cells have no zone.
    book.active.append(["=cmd|' /C calc'!A0", 258841234567, datetime(2026, 3, 2, 6, 30), True])  # noqa: DTZ001
    book.active.append(["B", 1.5, date(2026, 3, 2), None])
    book.create_sheet("more")
    out = io.BytesIO()
    book.save(out)
    header, rows, notes = read(out.getvalue())
    assert header == ("name", "phone", "since", "named")
    assert rows[0] == ["=cmd|' /C calc'!A0", "258841234567", "2026-03-02 06:30", "yes"]
    assert rows[1] == ["B", "1.5", "2026-03-02", ""]
    assert [note.sentence for note in notes] == ["Only the first of its sheets is read: Sheet."]


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+cmd", "-2+3+cmd|x", " =A1"]
)
def test_what_a_spreadsheet_would_run_is_flagged(text):
    assert looks_like_formula(text)


@pytest.mark.parametrize("text", ["+258 84 123 4567", "-1.5", "a=b", "", "mail@north.example"])
def test_numbers_and_plain_text_are_no_formulas(text):
    assert not looks_like_formula(text)


@pytest.mark.parametrize(
    "cell", ["\n=1", " =1", "\uff1d1", "\t=1", "\u00a0@x", "\u200b=1", "\r\n+1", "\uff0b1"]
)
def test_nothing_before_an_equals_sign_hides_it_from_what_we_write(cell):
    assert as_text(cell) == f"'{cell}"
    assert looks_like_formula(f"{cell}x")


def test_a_list_of_any_length_is_written_with_a_line_of_it_in_memory():
    tracemalloc.start()
    with csv_file(["what"], ([f"{n}" * 50] for n in range(60_000))) as file:
        _now, most = tracemalloc.get_traced_memory()
        lines = sum(1 for _line in file)
    tracemalloc.stop()
    assert lines == 60_001
    assert most < 1_000_000, "the file has twelve million bytes"


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"])), min_size=1, max_size=4))
def test_no_cell_we_write_begins_a_formula_and_reading_gives_it_back(cells):
    cells = ["x", *(cell.strip() for cell in cells)]
    data = written([f"c{n}" for n in range(len(cells))], [cells])
    assert all(as_text(cell)[:1] not in ("=", "+", "-", "@") for cell in cells)
    ours = [
        cell[1:] if cell[:1] == "'" and as_text(cell[1:]) != cell[1:] else cell for cell in cells
    ]
    assert read(data)[1] == [ours]


def test_a_long_list_is_read_in_its_encoding_wherever_its_letters_are_cut():
    lines = [f"José Çelik {n},j{n}@customer.example" for n in range(40_000)]
    text = "\n".join(["name,mail", *lines])
    assert len(text.encode()) > 1_000_000

    in_utf8, in_cp1252 = open_sheet(text.encode()), open_sheet(text.encode("cp1252"))

    assert [cells[0] for _line, cells in in_utf8.rows] == [line.split(",")[0] for line in lines]
    assert [cells[0] for _line, cells in in_cp1252.rows] == [line.split(",")[0] for line in lines]
    assert (in_utf8.notes, len(in_cp1252.notes)) == ([], 1)


def test_a_list_says_at_which_line_it_stopped_being_utf8_however_late():
    lines = ["name,mail", *(f"José {n},j{n}@customer.example" for n in range(40_000))]
    data = "\n".join(lines).encode() + b"\nJos\xe9 last,last@customer.example"

    [note] = open_sheet(data).notes

    assert note.facts["number"] == str(len(lines) + 1)
