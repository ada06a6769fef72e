"""What is kept no longer goes, words and people; numbers and the chain of the log stay."""

from argparse import Namespace
from contextlib import nullcontext
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from deskbook.book.load import load_book
from deskbook.config.refusals import CommandRefused
from deskbook.jobs import erasing
from deskbook.jobs.erasing import erase
from deskbook.people.books import apply_book, desk_at
from deskbook.people.models import Contact, ContactIdentity
from deskbook.server.applying import ask_to_erase
from deskbook.tickets.course_models import Course
from deskbook.tickets.erasure_models import Erasure
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Blob, LogEntry, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.verify import broken_links
from tests.people_factory import make_agent, make_contact, make_desk

BOOK = """
deskbook: 1
name: Harbour
zone: UTC
hours: { always: { every day: 00:00-24:00 } }
categories: [pay, keys]
channels: [email, portal, phone]
keep:
  - { what: cases, for: 1y }
  - { what: cases, category: pay, for: 10y }
  - { what: files, category: pay, for: 6mo }
  - { what: call notes, category: pay, for: 3mo }
"""
YEAR = timedelta(days=366)
SECRET = "Meera’s passport"


@pytest.fixture
def desk(db):
    return make_desk("harbour", BOOK)


def case_of(desk, name="Chitra", *, category="keys", ago=2 * YEAR, closes=True, channel="email"):
    chitra = Contact.objects.filter(desk=desk, name=name).first() or make_contact(desk, name)
    at = timezone.now() - ago
    said = Written(SECRET, files=(File("p.txt", "text/plain", SECRET.encode()),))
    new = NewCase(SECRET, said, channel=channel, facets={"category": category})
    ticket = open_ticket(chitra, new, at=at, by=chitra).ticket
    if closes:
        close_ticket(ticket, at=at, by=chitra)
    ticket.refresh_from_db()
    return ticket


def test_a_case_is_erased_with_its_files_and_who_asked_and_the_chain_holds(desk):
    ticket = case_of(desk)
    before = Course.objects.get(ticket=ticket)
    assert erase() == 1
    ticket.refresh_from_db()
    assert ticket.subject == "–"
    assert not Message.objects.filter(ticket=ticket).exclude(text="").exists()
    assert not Attachment.objects.exists()
    assert not Blob.objects.exists()
    assert not Ticket.objects.filter(pk=ticket.pk).exclude(search=None).exists()
    assert Contact.objects.get(pk=ticket.requester_id).name == ""
    assert not ContactIdentity.objects.exists()
    assert list(broken_links(Ticket.objects.select_related("desk"))) == []
    after = Course.objects.get(ticket=ticket)
    assert (after.opened_at, after.ended_at) == (before.opened_at, before.ended_at)
    entry = ticket.log.get(kind="Erased")
    assert (entry.actor, entry.data["what"], entry.data["line"]) == ("system", "cases", 9)


def test_the_screen_has_what_went_when_and_by_which_line_and_a_second_night_nothing_more(desk):
    case_of(desk)
    case_of(desk, "Dev")
    assert erase() == 2
    row = Erasure.objects.get()
    assert (row.what, row.line, row.book_version, row.cases, row.people) == ("cases", 9, 1, 2, 2)
    assert erase() == 0
    assert Erasure.objects.count() == 1


def test_open_cases_and_those_whose_time_has_not_come_stay(desk):
    kept = [case_of(desk, closes=False), case_of(desk, category="pay"), case_of(desk, ago=YEAR / 2)]
    erase()
    for ticket in kept:
        ticket.refresh_from_db()
        assert ticket.subject == SECRET
    assert Contact.objects.get().name == "Chitra"


def test_who_has_another_case_or_stands_on_a_list_is_not_forgotten(desk):
    case_of(desk)
    case_of(desk, ago=YEAR / 2)
    case_of(desk, "Gita")
    Contact.objects.filter(name="Gita").update(attributes={"office": "Kannur"})
    assert erase() == 2
    assert set(Contact.objects.values_list("name", flat=True)) == {"Chitra", "Gita"}


def test_of_a_part_that_part_goes_alone(desk):
    ticket = case_of(desk, category="pay", ago=YEAR, channel="phone")
    other = case_of(desk, category="pay", ago=YEAR)
    erase()
    assert not Attachment.objects.exists()
    said = dict(Message.objects.values_list("ticket", "text"))
    assert (said[ticket.pk], said[other.pk]) == ("", SECRET)
    assert {e.data["what"] for e in LogEntry.objects.filter(kind="Erased", ticket=ticket)} == {
        "files",
        "call notes",
    }
    assert Contact.objects.get().name == "Chitra"


def test_where_all_of_it_goes_no_part_of_it_is_told_again(desk):
    ticket = case_of(desk, category="pay", ago=11 * YEAR)
    assert erase() == 1
    assert [e.data["what"] for e in LogEntry.objects.filter(kind="Erased", ticket=ticket)] == [
        "cases"
    ]


def test_what_was_merged_into_it_goes_with_it_and_not_before(desk):
    asha = make_agent(desk)
    absorbed, kept = case_of(desk, closes=False), case_of(desk, closes=False)
    at = timezone.now() - 2 * YEAR + timedelta(hours=1)
    merge_ticket(absorbed, kept, at=at, by=asha)
    assert erase() == 0
    close_ticket(Ticket.objects.get(pk=kept.pk), at=at, by=kept.requester)
    assert erase() == 1
    assert set(Ticket.objects.values_list("subject", flat=True)) == {"–"}
    assert list(broken_links(Ticket.objects.select_related("desk"))) == []


def test_one_that_fails_keeps_no_other(desk, monkeypatch, caplog):
    first, second = case_of(desk), case_of(desk, "Dev", ago=2 * YEAR - timedelta(days=1))
    really = erasing.record_erased

    def failing(due, *args, **at):
        if due.ticket == first.pk:
            raise RuntimeError("a fault")
        return really(due, *args, **at)

    monkeypatch.setattr(erasing, "record_erased", failing)
    assert erase() == 1
    assert Ticket.objects.get(pk=first.pk).subject == SECRET
    assert Ticket.objects.get(pk=second.pk).subject == "–"
    assert "again tomorrow" in caplog.text


def test_a_new_book_counts_from_the_next_night_on_and_one_without_lines_keeps_all(desk):
    ticket = case_of(desk)
    apply_book("harbour", BOOK.split("keep:", maxsplit=1)[0], at=timezone.now(), by=None)
    assert erase() == 0
    apply_book("harbour", BOOK, at=timezone.now(), by=None)
    assert erase() == 1
    assert ticket.log.get(kind="Erased").data["book_version"] == 3


#: Columns of rows of a case that hold no word of its people, and why.
STAYS = {
    "Notification": "why",  # one of five words
    "Ticket": "channel kind category place claimed severity stage waits_for turn team outcome"
    " next_due_clock state tags",  # values of the book; the state is the log's, tags name no people
    "LogEntry": "kind actor data previous_hash hash",  # ids; its chain must hold
    "Command": "key",
    "Course": "*",  # what reports count
    "Message": "kind channel kept_from written_to",  # ids and words of the book
    "Rating": "value",
    "CallBack": "promise outcome",
    "DatedVisit": "visit people left_out state",
    "Untold": "purpose state",
    "Presence": "",
    "Call": "provider call_id direction extension state",
    "CallEvent": "type",
    "ChatSession": "channel token_hash state language zone ended_by",
    "IncomingText": "provider_id state reason dropped_by dropped_why",
    "Token": "service code key state counter only_counter language device origin",
    "TokenStep": "kind counter data",
    "AppCase": "",
    "DigitComplaint": "mark request_id service_code locality",  # codes and numbers
    "AppEvent": "key type purpose language state reason dropped_by",
    "WebhookCall": "state reason dropped_by",
    "JiraIssue": "key status",
    "JiraAct": "kind key stage state reason dropped_by",
    "JiraEvent": "mark digest what state reason dropped_by dropped_why",
    "Gap": "",
    "FindingTicket": "",
    "CapturedLine": "mark",
    "CameFrom": "source number",  # by which it does not come twice
}
OF_A_CASE = ("Ticket", "Message", "LogEntry", "Attachment")
TYPED = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def test_every_column_with_words_of_a_case_is_erased_or_named_with_why_it_stays():
    erased = {}
    for words in erasing._all():
        columns = erased.setdefault(words.model.__name__, set())
        columns |= set(words.emptied) or {"*"}
    left = [
        f"{model.__name__}.{name}"
        for model in apps.get_app_config("deskbook").get_models()
        if is_of_a_case(model) and not goes_whole(model, erased)
        for name in typed(model)
        if name not in erased.get(model.__name__, ())
        and name not in STAYS.get(model.__name__, "").split()
    ]
    assert left == []


def is_of_a_case(model):
    relations = {f.related_model.__name__ for f in model._meta.concrete_fields if f.is_relation}
    return model.__name__ in OF_A_CASE or not relations.isdisjoint(OF_A_CASE)


def goes_whole(model, erased):
    """Whether its rows go, by themselves or along with those they are a part of."""
    parts = [f for f in model._meta.concrete_fields if f.is_relation]
    wholes = [f.related_model for f in parts if f.remote_field.on_delete is models.CASCADE]
    along = any("*" in erased.get(whole.__name__, ()) for whole in wholes)
    return along or "*" in erased.get(model.__name__, ()) or STAYS.get(model.__name__) == "*"


def typed(model):
    return [
        f.name
        for f in model._meta.concrete_fields
        if not f.is_relation and (isinstance(f, TYPED) or hasattr(f, "base_field"))
    ]


def test_at_a_terminal_a_book_that_erases_something_waits_for_the_word(desk, capsys, monkeypatch):
    ticket = case_of(desk)
    new = load_book(BOOK.replace("for: 1y", "for: 6mo")).desk_or_raise()
    asked = {"book": Path("harbour.yaml"), "dry_run": False, "erase": False}
    monkeypatch.setattr("sys.stdin", StringIO("yes\n"))
    for changed, refused in (({}, True), ({"dry_run": True}, False), ({"erase": True}, False)):
        with pytest.raises(CommandRefused, match="add --erase") if refused else nullcontext():
            ask_to_erase(Namespace(**asked | changed), new, timezone.now())
        assert "Line 9, cases: 1 closed cases are kept no longer." in capsys.readouterr().out
    ask_to_erase(Namespace(**asked), desk_at(desk.pk, 1), timezone.now())
    assert ticket.subject == SECRET
