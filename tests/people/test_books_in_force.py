"""A book that is in force, when a later program finds fault with it."""

import hashlib

import pytest
from django.utils import timezone

from deskbook.channels.email.mailboxes import mailboxes_of
from deskbook.people.books import BookRefused, apply_book, book_at, desk_in_force, read_book
from deskbook.people.models import BookVersion, HelpDesk
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_contact, make_desk


def test_a_desk_goes_on_by_the_book_it_was_given_whatever_a_later_check_refuses(db):
    desk = make_desk("small")
    usual = "  normal: { means: Everything else., default: yes }"
    text = BookVersion.objects.get().text.replace(
        usual, f"{usual}\n  low: {{ means: It can wait., default: yes }}"
    )
    with pytest.raises(BookRefused, match="keep one"):
        apply_book("small", text, at=timezone.now(), by=None)
    applied_by_an_earlier_program(desk, text)

    assert desk_in_force(desk).version == 2
    assert book_at(desk.pk, 2).name == "Harbour Housing IT"
    chitra = make_contact(desk, "Chitra")
    case = open_ticket(
        chitra, NewCase("Printer", Written("It is out."), "email"), at=timezone.now(), by=chitra
    ).ticket
    assert case.book_version == 2


OTHER = """
deskbook: 1
name: Front desk
zone: America/Toronto
mail: [{}]
hours: {{ office: {{ mon-fri: 08:00-20:00 }} }}
"""


@pytest.mark.parametrize("address", ["IT@harbour.example", "it+new@harbour.example"])
def test_a_book_with_the_mail_address_of_another_desk_is_refused_with_its_line(db, address):
    make_desk("small")
    said = r"^front\.yaml:5:8: error: .* is for Harbour Housing IT already: .*\[shared-address\]$"
    for put in (read_book, lambda *book: apply_book(*book, at=timezone.now(), by=None)):
        with pytest.raises(BookRefused, match=said):
            put("front", OTHER.format(address))
    assert HelpDesk.objects.count() == 1
    apply_book("front", OTHER.format("front@harbour.example"), at=timezone.now(), by=None)
    make_desk("small")  # again, as it was


def test_mail_to_the_address_of_the_site_is_of_the_desk_whose_book_names_it(db, settings):
    settings.DESKBOOK_MAIL_FROM = "it@harbour.example"
    apply_book("front", OTHER.replace("mail: [{}]\n", "").format(), at=timezone.now(), by=None)
    named = make_desk("small")
    [mailbox] = mailboxes_of(["it@harbour.example"])
    assert mailbox.desk == named


def applied_by_an_earlier_program(desk, text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    BookVersion.objects.create(
        desk=desk, number=2, text=text, sha256=digest, applied_at=timezone.now()
    )
    desk.book_version = 2
    desk.save()
