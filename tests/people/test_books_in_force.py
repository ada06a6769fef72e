"""A book that is in force, when a later program finds fault with it."""

import hashlib

import pytest
from django.utils import timezone

from deskbook.people.books import BookRefused, apply_book, book_at, desk_in_force
from deskbook.people.models import BookVersion
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


def applied_by_an_earlier_program(desk, text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    BookVersion.objects.create(
        desk=desk, number=2, text=text, sha256=digest, applied_at=timezone.now()
    )
    desk.book_version = 2
    desk.save()
