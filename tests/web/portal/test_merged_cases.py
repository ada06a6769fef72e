"""What somebody sees in the portal whose case was merged into another's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.web.portal.drafts import keep_texts
from deskbook.web.uploads import kept_files
from tests.people_factory import make_contact


@pytest.fixture
def emil(cast):
    """Somebody of no organisation, whose case goes on as one of Chitra's."""
    emil = make_contact(cast.desk, "Emil")
    give_sign_in(emil)
    return emil


@pytest.fixture
def merged(cast, emil):
    file = File("salaries.txt", "text/plain", b"12,000")
    kept = cast.case(text="What only Chitra wrote.", files=(file,))
    other = cast.case("The bank run is off", text="What Emil wrote.", contact=emil)
    merge_ticket(other, kept, across=True, at=timezone.now(), by=cast.asha)
    kept.refresh_from_db()
    answer_ticket(kept, Written("An answer to both."), at=timezone.now(), by=cast.asha)
    return other, kept


@pytest.fixture
def as_emil(client, emil):
    client.force_login(emil.user, "django.contrib.auth.backends.ModelBackend")
    return client


def address(ticket, part=""):
    return f"/desk/{ticket.desk.key}/cases/{ticket}{part}/"


def test_the_old_link_leads_to_the_kept_case_which_shows_what_is_theirs(merged, as_emil):
    other, kept = merged
    went = as_emil.get(address(other), follow=True)
    assert went.redirect_chain == [(address(kept), 302)]
    page = went.content.decode()
    assert f"{other} goes on as {kept}." in page
    assert "What Emil wrote." in page and "An answer to both." in page
    assert "What only Chitra wrote." not in page


def test_what_others_said_before_is_not_fetched_by_its_address_either(merged, as_emil):
    assert merged
    file = Attachment.objects.get(name="salaries.txt")
    assert as_emil.get(f"/files/{file.pk}/salaries.txt").status_code == 404
    assert as_emil.get(f"/messages/{file.message_id}").status_code == 404


def test_the_other_person_reads_nothing_of_a_case_they_had_no_part_in(merged, client, cast):
    _other, kept = merged
    client.force_login(cast.chitra.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(address(kept)).content.decode()
    assert "What only Chitra wrote." in page and "An answer to both." in page
    assert "What Emil wrote." not in page


def test_an_answer_typed_on_the_old_page_arrives_on_the_kept_case(merged, as_emil):
    other, kept = merged
    sent = as_emil.post(
        address(other, "/answer"), {"text": "One thing more.", "client_key": "k"}, follow=True
    )
    assert sent.status_code == 200
    assert kept.messages.filter(text="One thing more.", outsider=False).exists()


def test_their_list_says_that_the_merged_case_goes_on_elsewhere(merged, as_emil):
    _other, kept = merged
    open_ones = as_emil.get(f"/desk/{kept.desk.key}/cases/").content.decode()
    ended = as_emil.get(f"/desk/{kept.desk.key}/cases/?state=closed").content.decode()
    assert str(kept) in open_ones
    assert "Goes on in another case" in ended


def test_what_is_typed_on_the_kept_case_arrives_on_their_own_when_the_merge_was_taken_back_meanwhile(
    merged, as_emil, cast
):
    other, kept = merged
    unmerge_ticket(other, at=timezone.now(), by=cast.asha)
    sent = as_emil.post(
        address(kept, "/answer"), {"text": "One thing more.", "client_key": "k"}, follow=True
    )
    assert sent.status_code == 200
    assert other.messages.filter(text="One thing more.", outsider=False).exists()
    assert as_emil.get(address(kept), follow=True).redirect_chain == [(address(other), 302)]


def test_who_never_had_a_case_in_it_is_not_led_anywhere_by_the_number_of_anothers(
    merged, client, cast
):
    other, _kept = merged
    client.force_login(cast.chitra.user, "django.contrib.auth.backends.ModelBackend")
    assert client.get(address(other)).status_code == 404


def test_the_page_of_a_case_asks_no_more_for_more_cases_that_go_on_as_it(
    merged, as_emil, cast, emil
):
    _other, kept = merged
    with CaptureQueriesContext(connection) as with_one:
        as_emil.get(address(kept))
    for n in range(3):
        more = cast.case(f"Again {n}", contact=emil)
        merge_ticket(more, kept, across=True, at=timezone.now(), by=cast.asha)
    with CaptureQueriesContext(connection) as with_four:
        as_emil.get(address(kept))
    assert len(with_four) == len(with_one)


def test_files_added_on_the_old_page_before_the_merge_go_with_the_answer(cast, emil, as_emil):
    kept, other = cast.case(), cast.case("The bank run is off", contact=emil)
    sheet = SimpleUploadedFile("run.txt", b"12", content_type="text/plain")
    as_emil.post(address(other, "/answer"), {"text": " " * 3 + "y" * 60_000, "files": [sheet]})
    [file] = kept_files(emil.user, f"answer {other}")
    merge_ticket(other, kept, across=True, at=timezone.now(), by=cast.asha)
    as_emil.post(
        address(other, "/answer"),
        {"text": "Here it is.", "kept": [file.sha256], "client_key": "f" * 32},
    )
    assert [one.name for one in kept.messages.get(text="Here it is.").attachments.all()] == [
        "run.txt"
    ]


def test_what_was_typed_on_the_old_page_is_on_the_kept_cases_page_beside_what_was_typed_there(
    cast, emil, as_emil
):
    kept, other = cast.case(), cast.case("The bank run is off", contact=emil)
    keep_texts(emil.user, f"answer {other}", {"text": "Half a sen"})
    keep_texts(emil.user, f"answer {kept}", {"text": "Typed there."})
    merge_ticket(other, kept, across=True, at=timezone.now(), by=cast.asha)
    page = as_emil.get(address(other), follow=True).content.decode()
    assert "Typed there.\n\nHalf a sen</textarea>" in page
    assert as_emil.get(address(other), follow=True).content.decode().count("Half a sen") == 1
