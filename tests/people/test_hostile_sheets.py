"""Small files made to be long: told before the work, or read as far as a list goes."""

import io
import zipfile
from time import process_time

import pytest
from openpyxl import Workbook

from deskbook.engine.procedure_parts import Column
from deskbook.people.apart import Limits
from deskbook.people.lists import sheets
from deskbook.people.lists.sheets import IN_A_PAGE, UnreadableList, open_sheet
from deskbook.tickets.shapes import check_rows

_SHEET = "xl/worksheets/sheet1.xml"
_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def _workbook(changed):
    """A spreadsheet of one sheet in which these parts (name → what is in them) are changed or
    added.
    """
    book = Workbook()
    book.active.append(["name", "office"])
    book.active.append(["A", "B"])
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        parts = {name: before.read(name) for name in before.namelist()}
        for name, content in {**parts, **changed(parts)}.items():
            after.writestr(name, content)
    return out.getvalue()


def _rows(data):
    return [cells for _line, cells in open_sheet(data).rows]


def test_a_spreadsheet_that_says_it_has_a_million_lines_of_sixteen_thousand_columns_has_those_it_has():
    data = _workbook(
        lambda parts: {_SHEET: parts[_SHEET].replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')}
    )
    assert b"XFD1048576" in zipfile.ZipFile(io.BytesIO(data)).read(_SHEET)
    assert _rows(data) == [["A", "B"]]


def test_a_cell_in_the_last_column_of_many_lines_is_refused_and_not_filled_up_to_it():
    lines = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 5_000))
    data = _workbook(lambda _parts: {_SHEET: f"{_HEAD}<sheetData>{lines}</sheetData></worksheet>"})
    with pytest.raises(UnreadableList):
        _rows(data)


def test_a_list_of_more_columns_than_lists_have_is_refused_whole():
    with pytest.raises(UnreadableList, match="500 columns"):
        open_sheet((",".join(f"c{n}" for n in range(600)) + "\n" + "1," * 599 + "\n").encode())


def test_a_page_does_not_read_a_spreadsheet_whose_words_alone_are_a_million():
    strings = "<sst>" + "<si><t>a</t></si>" * 400_000 + "</sst>"
    data = _workbook(lambda _parts: {"xl/sharedStrings.xml": strings})
    assert len(data) < 100_000
    with pytest.raises(UnreadableList, match="too large unpacked"):
        open_sheet(data, most_tags=IN_A_PAGE)


@pytest.mark.parametrize(("lines", "attributes"), [(1, 400_000), (40, 50_000)])
def test_a_page_does_not_read_a_spreadsheet_whose_tags_are_nothing_but_attributes(
    lines, attributes
):
    row = "<row " + " ".join(f'a{n}="1"' for n in range(attributes)) + "/>"
    tags = row * lines
    data = _workbook(lambda _parts: {_SHEET: f"{_HEAD}<sheetData>{tags}</sheetData></worksheet>"})
    began = process_time()
    with pytest.raises(UnreadableList, match="too large unpacked"):
        open_sheet(data, most_tags=IN_A_PAGE)
    assert process_time() - began < 2


def test_a_spreadsheet_of_ten_thousand_parts_is_not_opened():
    data = _workbook(lambda _parts: {f"part{n}": b"" for n in range(10_000)})
    with pytest.raises(UnreadableList, match="too large unpacked"):
        open_sheet(data)


@pytest.mark.parametrize(
    "line", ["x" * 3_000_000, "x," * 1_500_000, '"x,' * 700_000, '"\n",' * 700_000]
)
def test_a_line_without_end_is_refused_with_its_number(line):
    with pytest.raises(UnreadableList, match=r"Line|columns|more cells"):
        _rows(f"name,office\nA,B\n{line}\n".encode())


def test_an_honest_list_of_ten_thousand_people_is_read_in_a_page():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for n in range(10_000):
        sheet.append([f"Person {n}", f"p{n}@customer.example", "Nampula", "yes"])
    out = io.BytesIO()
    book.save(out)
    assert sum(1 for _ in open_sheet(out.getvalue(), most_tags=IN_A_PAGE).rows) == 9_999


def _with_a_cell_of(characters):
    row = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"A" * characters}</t></is></c></row>'
    more = '<row r="2"><c r="A2"><v>1</v></c></row>'
    return _workbook(
        lambda _parts: {_SHEET: f"{_HEAD}<sheetData>{row}{more}</sheetData></worksheet>"}
    )


def test_a_cell_of_more_than_a_spreadsheet_itself_holds_is_refused_by_its_line():
    assert len(open_sheet(_with_a_cell_of(32_767)).header[0]) == 32_767
    with pytest.raises(UnreadableList, match="Line 1 has a cell of more than 32,767 characters"):
        open_sheet(_with_a_cell_of(32_768))


def test_a_list_that_takes_more_memory_than_it_may_is_ended_where_it_is_read(monkeypatch):
    monkeypatch.setattr(sheets, "LIMITS_OF_A_JOB", Limits(memory=20_000_000))
    cell = f'<c t="inlineStr"><is><t>{"A" * 32_000}</t></is></c>'
    lines = f"<row>{cell}</row>" * 800
    data = _workbook(lambda _parts: {_SHEET: f"{_HEAD}<sheetData>{lines}</sheetData></worksheet>"})
    with pytest.raises(UnreadableList, match="too large unpacked"):
        open_sheet(data)


def test_a_refusal_quotes_no_more_of_a_file_than_a_sentence_holds():
    columns = (Column("district", "District", required=True),)
    data = (",".join(f"{n}{'x' * 30_000}" for n in range(4)) + "\n1,2,3,4\n").encode()
    (wrong,) = check_rows(columns, data).told
    assert "District" in wrong.sentence
    assert len(wrong.sentence) < 500
