"""Each kind of change of a book is told in one sentence, with its place in both versions."""

from functools import cache
from pathlib import Path

import pytest

from bench.mutations import BOOKS, document_of, drawn
from deskbook.book.compare.changes import changes
from deskbook.book.compare.sides import Side, read_side
from deskbook.book.load import load_document

FOLDER = Path(__file__).parents[3] / "books"
ROCK, SMALL, SALAMA, MUKTA = "sparkrock", "small", "salama", "mukta"
TOLD = [
    (ROCK, "respond: 2h,", "respond: 4h,", "severity S1: first response 2h → 4h"),
    (ROCK, "update: 1bd or as agreed", "update: as agreed", "severity S2: next update 1bd or as agreed → as agreed"),
    (ROCK, ",     update: 1/2 bd, after", ", after", "severity S1: no line promises next update 1/2 bd any more"),
    (ROCK, "S4, respond: 5bd,    update", "S4, respond: 5bd, resolve: 9bd, update", "severity S4: solution 9bd is promised now"),
    (ROCK, "{ severity: S4, respond: 5bd,    update: as agreed }", "{ severity: S4, respond: 5bd, update: as agreed, recommended: yes }", "severity S4: first response only recommended: no → yes"),
    (ROCK, "after hours: doubled", "after hours: tripled", "severity S1: first response after hours: x2 → x3"),
    (ROCK, "mon-fri: 08:00-20:00", "mon-thu: 08:00-20:00", "hours “support”: Friday no more open (was 08:00-20:00)"),
    (ROCK, "mon-fri: 08:00-20:00", "mon-sat: 08:00-20:00", "hours “support”: Saturday open now, 08:00-20:00"),
    (ROCK, "{ mon-fri: 08:00-20:00, closed", "{ mon-fri: 08:00-19:00, closed", "hours “support”: Monday to Friday 08:00-20:00 → 08:00-19:00"),
    (ROCK, "    2026-07-01: Canada Day\n", "", "holidays “ontario holidays”: closed on 2026-07-01 no more (Canada Day)"),
    (ROCK, "    2026-07-01: Canada Day\n", "    2026-07-01: Canada Day\n    2026-08-03: Civic Holiday\n", "holidays “ontario holidays”: closed on 2026-08-03 now (Civic Holiday)"),
    (ROCK, "contacts: 2-5, hours", "contacts: 2-4, hours", "plan “standard”: contacts 2-5 → 2-4"),
    (ROCK, "after hours: yes", "after hours: no", "plan “diamond”: after hours yes → no"),
    (ROCK, "  consultants: { name: Consultants }\n", "", "team “consultants” is dropped"),
    (ROCK, "clocks: paused                           # our reading\n  updated", "clocks: running\n  updated", "stage “on hold”: all clocks paused → running"),
    (ROCK, "remind: [2bd, 4bd]", "remind: 2bd", "stage “waiting for customer”: remind 4bd is dropped"),
    (ROCK, "    close: 6bd\n", "    close: 8bd\n", "stage “waiting for customer”: close 6bd → 8bd"),
    (ROCK, "  delivered:\n", "  shipped:\n", "stage “delivered” is called “shipped” now"),
    (ROCK, "set by: delivery\n", "set by: delivery\n    refuses: answer\n", "stage “delivered”: refuses answer now"),
    (ROCK, "phone: { hours: support }", "phone: { hours: support, asks: name }", "channel “phone”: asks name now"),
    (ROCK, "routing: { first: support }", "routing: { first: technical }", "first support → technical"),
    (ROCK, "severity: Sparkrock", "severity: customer", "responsibility “Verifying the severity”: owned by Sparkrock → customer"),
    (ROCK, "prefix: SPR", "prefix: SPK", "prefix SPR → SPK"),
    (ROCK, "organisation: { required: yes }", "organisation:", "directory field “organisation”: required yes → no"),
    (SMALL, "{ category: account, to: systems }", "{ category: account, to: desk }", "rule “category account to systems”: to systems → desk"),
    (SMALL, "{ category: account, to", "{ category: [account, other], to", "rule “category account to systems” is “category account or other to systems” now"),
    (SMALL, "hands up after: 4h", "hands up after: 2h", "level “first”: hands up after 4h → 2h"),
    (SMALL, "only by: phone", "only by: email", "severity “urgent”: only by phone → email"),
    (SMALL, "printer, other]\n\nlev", "printer]\n\nlev", "category “other” is dropped"),
    (SALAMA, "[Switch off the logins used on the device, Tell", "[Tell", "category “security” has the step “Switch off the logins used on the device” no more"),
    (SALAMA, "      - paper: Village list", "      - Form 7\n      - paper: Village list", "procedure “category data or content, type service request” needs paper “Form 7” now"),
    (SALAMA, "by: [phone, WhatsApp, complaints module]", "by: phone", "way “from L1 to L2”: by WhatsApp, complaints module is dropped"),
    (SALAMA, "  - { from: L2, to: L1, by: [phone, WhatsApp] }\n", "", "way “from L2 to L1” is dropped"),
    (SALAMA, "at least: 1, assign", "at least: 2, assign", "roster “help desk”: at least 1 → 2"),
    (SALAMA, "distribution + 5d", "distribution + 6d", "until end of distribution + 5d → end of distribution + 6d"),
]  # fmt: skip


@cache
def text_of_book(book):
    return (FOLDER / f"{book}.yaml").read_text(encoding="utf-8")


@cache
def as_it_was(book):
    return read_side(text_of_book(book), "old.yaml")


def changed(book, before, after):
    """Return what changes when part of a book is written otherwise."""
    text = text_of_book(book)
    assert before in text
    other = text.replace(before, after, 1)
    if book == SMALL and "other" not in after and "printer, other]" in before:
        other = other.replace("[computer, printer, other], to", "[computer, printer], to")
    return changes(as_it_was(book), read_side(other, "new.yaml"))


@pytest.mark.parametrize(("book", "before", "after", "said"), TOLD)
def test_a_change_is_told_in_one_sentence(book, before, after, said):
    found = changed(book, before, after)
    assert said in [change.said for change in found]
    assert len(found) <= 2  # a line that promises two things changes two


def test_a_change_names_its_line_in_both_books():
    (change,) = changed(ROCK, "respond: 2h,", "respond: 4h,")
    assert str(change).endswith("[old.yaml:70:30 → new.yaml:70:30]")


def test_what_is_only_laid_out_otherwise_is_no_change():
    assert changed(ROCK, "severity: S2, respond: 1/2 bd", "respond: 0.5 bd, severity: s2") == ()
    assert changed(ROCK, "mon-fri: 08:00-20:00", "mon-thu: 08:00-20:00, fri: 08:00-20:00") == ()
    assert changed(ROCK, "[2bd, 4bd]", "[2 business days, 4 bd]") == ()


def test_changes_are_grouped_as_a_book_is():
    old = as_it_was(SMALL)
    new = read_side(
        text_of_book(SMALL)
        .replace("name: Harbour Housing IT", "name: Harbour IT")
        .replace("to: systems", "to: desk")
        .replace("respond: 1h", "respond: 2h"),
        "new.yaml",
    )
    assert [change.section for change in changes(old, new)] == ["name", "targets", "routing"]


@pytest.mark.parametrize("book", BOOKS)
def test_no_slip_that_leaves_a_book_readable_goes_untold(book):
    document = document_of(book)
    loaded = load_document(document, f"{book}.yaml")
    old = Side("old.yaml", document, loaded.desk, loaded.book)
    untold = [
        (mutation.operator, mutation.path)
        for mutation, made in drawn(book, 30)
        if made.desk is not None
        and not changes(old, Side("new.yaml", mutation.of(document), made.desk, made.book))
    ]
    assert untold == []
