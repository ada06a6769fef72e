"""Who may not send any more what they typed reads why, and has their words to copy."""

import pytest
from django.test import Client

from deskbook.people.models import Agent

WORDS = "It took me an hour to write this."


@pytest.mark.parametrize(
    ("part", "field"), [("answer", "text"), ("promises", "text"), ("closure", "text")]
)
def test_who_is_taken_from_the_desk_while_they_write_reads_so_with_their_words(
    console, at_ticket, asha, part, field
):
    Agent.objects.filter(pk=asha.pk).update(is_active=False)
    back = console.post(at_ticket(part), {field: WORDS, "at_desk": asha.desk.key})
    page = back.content.decode()
    assert back.status_code == 404
    assert WORDS in page
    assert f"You do not work at {asha.desk.title} any more." in page
    assert "What you wrote was not sent." in page


def test_who_loses_only_a_right_while_they_write_reads_that_it_is_their_role(as_bala, bala):
    Agent.objects.filter(pk=bala.pk).update(role="agent")
    page = as_bala.post("/console/people/agents/new", {"text": WORDS}).content.decode()
    assert WORDS in page
    assert "Your role at this desk does not allow this." in page


def test_who_is_signed_out_while_they_write_has_their_words_and_the_way_to_sign_in(at_ticket, case):
    back = Client().post(at_ticket("answer"), {"text": WORDS, "act": "answer", "client_key": "k"})
    page = back.content.decode()
    assert back.status_code == 403
    assert WORDS in page
    assert "You are signed out." in page
    assert f"/account/login/?next=/console/tickets/{case}/answer" in page
    assert "k</div>" not in page


def test_who_switched_off_entirely_has_their_words_too(console, at_ticket, asha):
    asha.user.is_active = False
    asha.user.save()
    assert WORDS in console.post(at_ticket("answer"), {"text": WORDS}).content.decode()


def test_whom_a_form_of_the_portal_is_shut_to_has_their_words(at_ticket, desk, case):
    page = Client().post(f"/desk/{desk.key}/cases/{case}/answer/", {"text": WORDS}).content.decode()
    assert WORDS in page


def test_what_nobody_typed_words_into_says_no_more_than_that_it_is_not_there(
    console, asha, at_ticket
):
    Agent.objects.filter(pk=asha.pk).update(is_active=False)
    page = console.post(at_ticket("taking"), {"client_key": "k"}).content.decode()
    assert "This page does not exist" in page


def test_words_to_what_somebody_never_saw_tell_nothing_of_it(console, desk):
    sent = {"text": WORDS, "at_desk": "elsewhere"}
    page = console.post("/console/tickets/NOT-1/answer", sent).content.decode()
    assert WORDS in page
    assert "This page does not exist, or it is not for you to see." in page
