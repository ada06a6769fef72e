"""Opening a case through the form."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deskbook.people.books import desk_in_force
from deskbook.tickets.models import Attachment, Draft, Message, Ticket
from deskbook.web.uploads import LARGEST_FILE
from tests.people_factory import make_contact, make_desk
from tests.web.portal.conftest import signed_in

FORM = "/desk/sparkrock/cases/new/"
GOOD = {
    "subject": "The bank run does not balance",
    "text": "Totals differ by 12.40.",
    "severity": "s2",
    "facet-type": "issue",
    "field-steps": "Post the batch twice.",
    "client_key": "a" * 32,
}


def test_the_form_asks_what_the_book_says_and_explains_each_severity(cast):
    page = signed_in(cast.chitra).get(FORM).content.decode()
    for expected in (
        "S1 – Critical",
        "An important function is unavailable",
        "Steps to reproduce",
        "Question",
        "Request",
    ):
        assert expected in page
    assert 'value="s3" checked' in page  # the book's default


def test_a_case_keeps_its_severity_its_facets_and_the_answers_to_the_books_own_questions(cast):
    signed_in(cast.chitra).post(FORM, GOOD)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.claimed, ticket.kind, ticket.channel) == (
        GOOD["subject"],
        "s2",
        "issue",
        "portal",
    )
    assert (
        Message.objects.get().text
        == "Totals differ by 12.40.\n\nSteps to reproduce\nPost the batch twice."
    )
    assert "steps" not in ticket.state["facets"]  # a person's words stay out of the log


def test_after_opening_the_page_says_the_number_and_when_an_answer_comes(cast):
    page = signed_in(cast.chitra).post(FORM, GOOD, follow=True).content.decode()
    assert "Your case is SPR-1. We have it." in page
    assert "We answer by" in page
    assert "(America/Toronto)" in page


def test_sending_the_form_twice_opens_one_case(cast):
    client = signed_in(cast.chitra)
    assert client.post(FORM, GOOD).url == client.post(FORM, GOOD).url
    assert Ticket.objects.count() == 1


def test_another_case_from_the_form_one_went_back_to_is_opened_too(cast):
    client = signed_in(cast.chitra)
    client.post(FORM, GOOD)
    client.post(FORM, {**GOOD, "subject": "Something else"})
    assert Ticket.objects.count() == 2


def test_the_key_of_another_persons_case_opens_a_case_of_ones_own(cast):
    signed_in(cast.chitra).post(FORM, GOOD)
    cast.dev.named = True
    cast.dev.save()
    signed_in(cast.dev).post(FORM, GOOD)
    assert set(Ticket.objects.values_list("requester", flat=True)) == {cast.chitra.pk, cast.dev.pk}


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(cast):
    answer = signed_in(cast.chitra).post(FORM, {**GOOD, "subject": " ", "severity": "s9"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-subject-error"' in page
    assert 'id="f-severity-error"' in page
    assert "Totals differ by 12.40." in page
    assert "Post the batch twice." in page
    assert Ticket.objects.count() == 0


def test_the_form_comes_back_filled_in_even_without_a_script(cast):
    client = signed_in(cast.chitra)
    client.post(FORM, {**GOOD, "subject": ""})
    assert "Totals differ by 12.40." in client.get(FORM).content.decode()
    client.post(FORM, GOOD)
    assert "Totals differ by 12.40." not in client.get(FORM).content.decode()


def test_a_file_sent_with_a_mistake_is_kept_and_goes_with_the_corrected_case(cast):
    client = signed_in(cast.chitra)
    page = client.post(
        FORM, {**GOOD, "text": "", "files": [SimpleUploadedFile("log.txt", b"line")]}
    ).content.decode()
    assert "log.txt" in page
    kept = Draft.objects.get().fields["files"][0]["sha256"]
    client.post(FORM, {**GOOD, "kept": [kept]})
    assert [(a.name, bytes(a.blob.data)) for a in Attachment.objects.all()] == [
        ("log.txt", b"line")
    ]


def test_a_kept_file_that_is_unticked_does_not_go(cast):
    client = signed_in(cast.chitra)
    client.post(FORM, {**GOOD, "text": "", "files": [SimpleUploadedFile("log.txt", b"line")]})
    client.post(FORM, GOOD)
    assert Ticket.objects.count() == 1
    assert Attachment.objects.count() == 0


def test_nobody_attaches_bytes_they_never_sent_by_naming_their_hash(cast):
    signed_in(cast.chitra).post(
        FORM, {**GOOD, "text": "", "files": [SimpleUploadedFile("log.txt", b"secret")]}
    )
    kept = Draft.objects.get().fields["files"][0]["sha256"]
    cast.dev.named = True
    cast.dev.save()
    told = signed_in(cast.dev).post(FORM, {**GOOD, "kept": [kept]}).content.decode()
    assert "A file that was kept is not there any more." in told
    assert Ticket.objects.count() == 0
    assert Attachment.objects.count() == 0


def test_a_file_over_the_limit_is_named_with_the_limit_and_the_others_are_kept(cast):
    files = [
        SimpleUploadedFile("small.txt", b"x"),
        SimpleUploadedFile("dump.zip", b"x" * (LARGEST_FILE + 1)),
    ]
    page = signed_in(cast.chitra).post(FORM, {**GOOD, "files": files}).content.decode()
    assert "“dump.zip” has 10.0\xa0MB; a file may have 10\xa0MB." in page
    assert "small.txt" in page
    assert Ticket.objects.count() == 0


def test_an_empty_file_is_named_and_nothing_is_sent_without_it(cast):
    files = [SimpleUploadedFile("log.txt", b""), SimpleUploadedFile("small.txt", b"x")]
    page = signed_in(cast.chitra).post(FORM, {**GOOD, "files": files}).content.decode()
    assert "“log.txt” is empty." in page
    assert "small.txt" in page
    assert Ticket.objects.count() == 0


def test_who_is_not_a_named_contact_is_told_whom_to_ask(cast):
    answer = signed_in(cast.dev).get(FORM)
    assert answer.status_code == 403
    assert "Ask one of them: Chitra." in answer.content.decode()
    signed_in(cast.dev).post(FORM, GOOD)
    assert Ticket.objects.count() == 0


def test_a_severity_taken_by_phone_only_is_not_offered_and_the_form_says_so(cast):
    page = signed_in(cast.farah).get("/desk/small/cases/new/").content.decode()
    assert "“Urgent” is taken by phone only." in page
    assert 'value="urgent"' not in page
    signed_in(cast.farah).post(
        "/desk/small/cases/new/", {"subject": "x", "text": "y", "severity": "urgent"}
    )
    assert Ticket.objects.count() == 0


ON_REQUEST = """
deskbook: 1
name: Visits
zone: America/Toronto
hours: { office: { mon-fri: 09:00-17:00 } }
targets:
  - { resolve: on request }
teams: { desk: Everybody. }
routing: { first: desk }
"""


@pytest.mark.parametrize(
    ("typed", "taken"), [("2030-03-09T14:30", True), ("2020-01-01T10:00", False), ("soon", False)]
)
def test_where_a_target_is_on_request_the_form_asks_for_the_date_in_the_readers_zone(
    db, typed, taken
):
    desk = make_desk("visits", ON_REQUEST)
    elina = make_contact(desk, "Elina")
    assert any(target.on_request for target in desk_in_force(desk).targets)
    signed_in(elina).post(
        "/desk/visits/cases/new/", {"subject": "A visit", "text": "Please come.", "date": typed}
    )
    due = [ticket.next_due_at for ticket in Ticket.objects.all()]
    assert due == ([datetime(2030, 3, 9, 19, 30, tzinfo=UTC)] if taken else [])
    if not taken:
        assert typed in signed_in(elina).get("/desk/visits/cases/new/").content.decode()


def test_drafts_are_kept_per_person_and_place(cast):
    client = signed_in(cast.chitra)
    keep = "/desk/sparkrock/drafts/"
    assert (
        client.post(keep, {"key": "new case sparkrock/text", "text": "half a sent"}).status_code
        == 204
    )
    assert client.post(keep, {"key": "ticket 7/text", "text": "x"}).status_code == 400
    assert client.post(keep, {"key": "new case sparkrock/files", "text": "x"}).status_code == 400
    assert "half a sent" in client.get(FORM).content.decode()
    cast.dev.named = True
    cast.dev.save()
    assert "half a sent" not in signed_in(cast.dev).get(FORM).content.decode()


def test_the_form_takes_few_queries(cast, django_assert_max_num_queries):
    client = signed_in(cast.chitra)
    client.get(FORM)
    with django_assert_max_num_queries(6):
        client.get(FORM)
    # The zone of one page never leaks into the next.
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_file_sent_again_takes_the_place_of_the_one_kept(cast):
    client, wrong = signed_in(cast.chitra), {**GOOD, "text": ""}
    client.post(FORM, {**wrong, "files": [SimpleUploadedFile("log.txt", b"old")]})
    kept = Draft.objects.get().fields["files"][0]["sha256"]
    client.post(FORM, {**GOOD, "kept": [kept], "files": [SimpleUploadedFile("log.txt", b"new")]})
    assert [bytes(a.blob.data) for a in Attachment.objects.all()] == [b"new"]
