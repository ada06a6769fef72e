"""Who is taken out of a case while they write on its page loses no word of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.tickets.models import Draft
from deskbook.tickets.participants import add_participant, remove_participant
from tests.people_factory import make_contact
from tests.web.portal.conftest import signed_in


@pytest.fixture
def emil(cast):
    emil = make_contact(cast.desk, "Emil")
    give_sign_in(emil)
    return emil


@pytest.fixture
def left(cast, emil):
    """A case that Emil followed until he was taken out."""
    ticket = cast.case()
    add_participant(ticket, emil, at=timezone.now(), by=cast.asha)
    remove_participant(ticket, emil, at=timezone.now(), by=cast.asha)
    ticket.refresh_from_db()
    return ticket


def sends(emil, ticket, what="answer", **typed):
    address = f"/desk/{ticket.desk.key}/cases/{ticket}/{what}/"
    return signed_in(emil).post(address, {"client_key": "a" * 32, **typed})


def test_what_they_send_is_read_by_the_desk_alone_and_they_are_told(left, emil, cast):
    sheet = SimpleUploadedFile("run.txt", b"12", content_type="text/plain")
    for _ in range(2):  # a double press
        sheet.seek(0)
        page = sends(emil, left, text="It was the cable.", files=[sheet])
    said = page.content.decode()
    assert f"You do not follow {left} any more." in said
    assert "The desk has what you wrote." in said
    assert "It was the cable." in said
    [message] = left.messages.filter(text="It was the cable.")
    assert (message.outsider, message.author_contact) == (True, emil)
    assert [file.name for file in message.attachments.all()] == ["run.txt"]
    assert not left.log.filter(kind="CustomerWrote").exists()
    console = signed_in(cast.asha).get(f"/console/tickets/{left}").content.decode()
    assert "It was the cable." in console
    theirs = signed_in(cast.chitra).get(f"/desk/{left.desk.key}/cases/{left}/").content.decode()
    assert "It was the cable." not in theirs
    assert not Draft.objects.filter(user=emil.user).exists()


def test_why_an_estimate_or_a_date_does_not_suit_is_not_lost_either(left, emil):
    page = sends(emil, left, "estimates/1/refusal", reason="Too much for us.")
    assert page.status_code == 200
    assert left.messages.filter(text="Too much for us.", outsider=True).exists()


def test_past_five_a_day_their_words_are_shown_to_be_copied(left, emil):
    for n in range(5):
        assert sends(emil, left, text=f"Line {n}", client_key=f"{n:032x}").status_code == 200
    page = sends(emil, left, text="The sixth", client_key="b" * 32)
    assert page.status_code == 409
    assert "What you wrote was not sent. Copy it from here if you need it." in page.content.decode()
    assert "The sixth" in page.content.decode()
    assert not left.messages.filter(text="The sixth").exists()


def test_who_never_was_of_a_case_writes_nothing_on_it_and_learns_nothing_of_it(cast, emil):
    ticket = cast.case()
    page = sends(emil, ticket, text="Let me in.")
    assert page.status_code == 404
    assert not ticket.messages.filter(text="Let me in.").exists()


def test_who_left_and_opens_the_case_again_sees_nothing_of_it(left, emil):
    address = f"/desk/{left.desk.key}/cases/{left}/"
    assert signed_in(emil).get(address).status_code == 404
    assert sends(emil, left, text="  ").status_code == 404
