"""Macros in scenarios: all of it, or what refused it."""

from pathlib import Path

from deskbook.book.document import read_document
from deskbook.book.load import load_book
from deskbook.scenario.play import play
from deskbook.scenario.scenario import understand
from tests.tickets.macro_desk import DESK, MACROS

OPENED = """
scenario: Papers are asked for by one key
steps:
  - Mon 2026-03-02 10:00  the contact opens a case: { type: %s }
  - Mon 2026-03-02 11:00  an agent does the macro Papers are missing
then:
"""


def differences(kind, *then, book=DESK + MACROS):
    text = OPENED % kind + "".join(f"  - Mon 2026-03-02 11:00  {line}\n" for line in then)
    desk = load_book(book).desk_or_raise()
    told = understand(read_document(text), Path("x.scenario.yaml"), desk)
    assert not told.findings, told.findings
    return [one.got for one in play(told.scenarios[0]).differences]


def test_all_that_it_does_is_done():
    assert not differences("request", "stage is waiting", "team is data team")


def test_one_that_is_not_offered_is_told():
    [got] = differences("question", "stage is new")
    assert "not offered on this case" in got


def test_where_the_book_refuses_one_act_none_is_done():
    book = DESK.replace("new: {", "new: { refuses: [answer],") + MACROS
    assert not differences("request", "refused: stage refuses", "team is first line", book=book)
