"""Who a visitor says they are, against the directory."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

import deskbook
from deskbook.channels.chat import identity, tries
from deskbook.channels.chat.identity import Asked, _kept, asked_by, person_of, same_name
from deskbook.engine.channels import DirectoryField
from deskbook.people.books import desk_in_force
from deskbook.people.lists import kinds
from deskbook.people.lists.columns import heading_of
from deskbook.people.models import Contact
from tests.channels.chat.desk import BOOK
from tests.people_factory import make_contact, make_desk

SAID = {"name": "Chitra Raman", "pen": "512345", "registered mobile": "09447 000001"}


@pytest.mark.parametrize(
    "stated",
    [
        "chitra k. raman",
        "CHITRA  K RAMAN",
        "Chitra Raman",
        "Raman, Chitra",
        "C. K. Raman",
        "ChitraKRaman",
        "Chitrá Raman",
    ],
)
def test_a_name_is_the_same_whatever_its_case_spaces_order_and_initials(stated):
    assert same_name(stated, "Chitra K. Raman")


@pytest.mark.parametrize("stated", ["Chitra Nair", "C. K. R.", "", "Asha Raman", "K", "Chit"])
def test_another_name_or_initials_alone_are_not_the_same(stated):
    assert not same_name(stated, "Chitra K. Raman")


def test_a_name_in_malayalam_is_compared_whole():
    assert same_name("ചിത്ര രാമൻ", "ചിത്ര  രാമൻ")
    assert not same_name("ചിത്ര രാമൻ", "ചിത്ര നായർ")


@pytest.fixture
def found(desk, chitra):
    """Look somebody up by what they state."""
    book = desk_in_force(desk)
    asked = asked_by(book, book.channel_of("chat"))
    return lambda **changed: person_of(desk, book, asked, {**SAID, **changed})


def test_who_states_all_three_rightly_is_found(found, chitra):
    assert found() == chitra


@pytest.mark.parametrize(
    "wrong", [{"name": "Dev"}, {"pen": "512346"}, {"registered mobile": "9447000002"}, {"pen": ""}]
)
def test_one_wrong_statement_finds_nobody(found, wrong):
    assert found(**wrong) is None


def test_two_right_halves_of_two_people_are_nobody(found, desk):
    dev = make_contact(desk, "Dev")
    dev.identities.create(desk=desk, channel="pen", identifier="777777")
    assert found(pen="777777") is None


def test_every_wrong_statement_costs_the_same_questions(found, django_assert_num_queries):
    for wrong in (
        {"name": "Dev"},
        {"pen": "1"},
        {"registered mobile": "1"},
        {"name": "", "pen": "", "registered mobile": ""},
    ):
        with django_assert_num_queries(3):
            found(**wrong)


def test_the_third_wrong_try_locks_and_each_further_lock_is_longer():
    spans = [tries.lock_for(wrong, tries.ALLOWED) for wrong in range(1, 16)]
    locks = [span for span in spans if span]
    assert spans[:2] == [None, None]
    assert locks == [*tries.LOCKS, tries.LOCKS[-1]]


@pytest.fixture
def tried(desk):
    """Try to be somebody from some device at some time; return the lock, if there is one."""
    began_at = timezone.now()

    def try_(pen="512345", device="a phone", address="10.0.0.1", after=timedelta()):
        visitor = tries.Visitor(address, device)
        return tries.count_try(desk, visitor, [("pen", pen)], at=began_at + after)

    return try_


def test_a_device_is_locked_whoever_it_claims_to_be(tried):
    assert [tried(pen=str(n)) for n in range(3)] == [None] * 3
    assert tried(pen="9") is not None


def test_a_claimed_person_is_locked_where_they_were_claimed_wrongly_and_comes_in_from_elsewhere(
    tried,
):
    assert [tried(device=str(n)) for n in range(3)] == [None] * 3
    assert tried(device="another") is not None
    assert tried(device="her own", address="10.9.9.9") is None


def test_who_goes_from_address_to_address_guesses_at_one_person_thirty_times(tried):
    assert [tried(address=f"10.0.1.{n}") for n in range(30)] == [None] * 30
    assert tried(address="10.9.9.9") is not None


def test_another_person_at_another_device_of_the_office_is_not_locked(tried):
    for _ in range(4):
        tried()
    assert tried(pen="600000", device="another phone") is None


def test_knocking_at_a_locked_door_locks_no_longer_and_it_opens_in_time(tried):
    for _ in range(3):
        tried()
    first, later = tried(), tried(after=timedelta(minutes=4))
    assert first == later
    assert tried(after=timedelta(minutes=5, seconds=1)) is None


def test_the_second_lock_is_longer_than_the_first(tried):
    for _ in range(3):
        tried()
    again = timedelta(minutes=6)
    for _ in range(3):
        tried(after=again)
    assert tried(after=again + timedelta(minutes=14)) is not None


def test_who_turns_out_to_be_right_is_forgiven(desk, tried):
    tried()
    tried()
    visitor = tries.Visitor("10.0.0.1", "a phone")
    tries.forgive(desk, visitor, [("pen", "512345")], at=timezone.now())
    assert [tried() for _ in range(3)] == [None] * 3


def test_nothing_in_the_tries_names_a_person_or_an_address(desk, tried):
    from deskbook.channels.chat.models import ChatTry

    tried()
    kept = " ".join(row.key for row in ChatTry.objects.all())
    assert "512345" not in kept
    assert "10.0.0.1" not in kept


def test_tries_of_yesterday_are_deleted_and_those_of_today_are_not(desk, tried):
    from deskbook.channels.chat.models import ChatTry

    tried()
    tries.forget_tries(at=timezone.now() + timedelta(hours=23))
    assert ChatTry.objects.exists()
    tries.forget_tries(at=timezone.now() + timedelta(hours=25))
    assert not ChatTry.objects.exists()


def test_the_chat_of_the_documentation_lets_in_who_a_list_with_its_columns_brought(desk):
    """What it asks beside the name is a column of the list of contacts by which somebody is
    found.
    """
    text = (Path(deskbook.__file__).parents[1] / "docs" / "book" / "index.md").read_text()
    directory = re.search(r"^directory:\n((?:  .*\n)+)", text, re.MULTILINE)[1]
    asks = re.search(r"live chat: \{.*asks: \[([^]]*)\]", text)[1].split(", ")
    for word in asks[1:]:
        assert re.search(rf"^  {word}: \{{.*identifies: yes", directory, re.MULTILINE)
        [column] = heading_of(kinds.LISTS["contacts"].columns, [word]).known
        field = DirectoryField(word.lower(), word, identifies=True)
        kept = Asked(field, _kept(field)).kept
        assert (column, kept) == ({"email": "mail"}.get(kept, kept), kept)


@pytest.fixture
def listed(db):
    """Let a chat ask the name and a column of the list; make somebody of that list."""
    text = BOOK.replace("asks: [name, PEN, registered mobile]", "asks: [name, numero]")
    desk = make_desk("pay", text.replace("registered mobile: {", "numero: {"))
    book = desk_in_force(desk)
    asked = asked_by(book, book.channel_of("chat"))

    def make(name, numero):
        return Contact.objects.create(desk=desk, name=name, attributes={"numero": numero})

    make.find = lambda name, numero: person_of(desk, book, asked, {"name": name, "numero": numero})
    return make


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("Zélia Chat", "Zélia Chat"),
        ("Zélia Chat", "zelia chat"),
        ("Zelia Chat", "ZÉLIA CHAT"),
        ("Z.Conceição", "Conceicao, Z."),
        ("Jürgen Straße", "jurgen strasse"),
        ("ചിത്ര രാമൻ", "ചിത്ര  രാമൻ"),
    ],
)
def test_who_states_name_and_a_column_of_the_list_is_found_with_or_without_accents(
    listed, known, said
):
    person = listed(known, "009")
    assert listed.find(said, "009") == person
    assert listed.find(said, "010") is None
    assert listed.find("Dev Nobody", "009") is None


def test_the_last_of_three_hundred_of_one_name_is_found_too(listed):
    people = [listed("Zélia Chat", f"{number:03}") for number in range(300)]
    assert listed.find("Zelia Chat", "299") == people[-1]


def test_names_are_looked_up_at_the_index_that_is_on_them(listed):
    desk = listed("Zélia Chat", "009").desk
    others = (Contact(desk=desk, name=f"Dev Nobody{number}") for number in range(3000))
    Contact.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("analyze deskbook_contact")
        asked = identity._BY_NAME.format(any_of="to_tsquery('simple', %s)")
        cursor.execute(f"explain {asked}", [desk.pk, "zelia"])
        assert "contact_name_words" in str(cursor.fetchall())
