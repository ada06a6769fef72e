"""A list whose columns the book declares, row by row."""

import pytest
from django.utils import translation

from deskbook.engine.procedure_parts import Column
from deskbook.tickets.shapes import MOST_TOLD, check_rows

COLUMNS = (
    Column("district", "Distrito", values=("Moatize", "Tsangano")),
    Column("village", "Aldeia", unique=True),
    Column("people", "Pessoas", required=False),
)
HEADER = "Distrito,Aldeia,Pessoas\n"


def told(text, encoding="utf-8"):
    return [
        (wrong.line, wrong.sentence) for wrong in check_rows(COLUMNS, text.encode(encoding)).told
    ]


def test_a_right_file_has_nothing_wrong_and_its_rows_are_counted():
    checked = check_rows(COLUMNS, (HEADER + "Moatize,Samoa,12\nTsangano,Chire,\n").encode())
    assert (checked.good, checked.rows, checked.wrong_rows) == (True, 2, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_byte_order_marks_make_no_difference(encoding):
    assert told(HEADER.replace("Pessoas", "Pessoas") + "Moatize,Zóbuè,3\n", encoding) == []


def test_what_is_wrong_is_said_by_the_line_of_the_file():
    rows = "Moatize,Samoa,1\nTete,Chire,2\n\nTsangano,samoa,3\nMoatize,,4\nMoatize,=1+1,5\n"
    assert told(HEADER + rows) == [
        (3, "Distrito: “Tete” is none of Moatize, Tsangano."),
        (5, "Aldeia: “samoa” stands in line 2 already."),
        (6, "Aldeia is empty."),
        (7, "Aldeia holds a formula: put the value itself."),
    ]


def test_a_row_given_twice_and_a_row_with_a_cell_too_many_are_found():
    found = told(HEADER + "Moatize,Samoa,1\nMoatize,Samoa,1\nMoatize,Chire,1,2\n")
    assert (3, "The whole row stands in line 2 already.") in found
    assert any(line == 4 and "more cells" in sentence for line, sentence in found)


def test_a_missing_column_is_named_with_those_that_are_there():
    assert told("Distrito,Pessoas\nMoatize,3\n") == [
        (1, "The column “Aldeia” is missing; the file has: Distrito, Pessoas.")
    ]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 ...", b"Distrito,Aldeia"])
def test_a_file_that_is_no_list_is_one_thing_wrong_as_a_whole(data):
    checked = check_rows(COLUMNS, data)
    assert [wrong.line for wrong in checked.told] == [0]
    assert checked.told[0].sentence


def test_a_file_full_of_mistakes_is_counted_whole_and_told_in_part():
    checked = check_rows(COLUMNS, (HEADER + "".join(f"Tete,v{n},1\n" for n in range(300))).encode())
    assert (checked.wrong_rows, len(checked.told)) == (300, MOST_TOLD)


def test_why_a_list_cannot_be_read_is_told_its_sender_in_their_language():
    with translation.override("hi"):
        assert check_rows(COLUMNS, b"").told[0].sentence == "फ़ाइल खाली है।"
        assert check_rows(COLUMNS, b"%PDF-1.4").told[0].sentence.startswith("यह PDF फ़ाइल है")
