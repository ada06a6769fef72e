"""What is somebody's is kept by no browser and no cache, whoever uses the machine next."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deskbook.tickets import drafts
from deskbook.tickets.models import Blob, Draft
from deskbook.web.portal import new_case
from deskbook.web.uploads import Limits
from tests.web.test_odd_input_everywhere import filled, patterns, read, usual  # noqa: F401

FOR_EVERYBODY = ("/chat.js", "/kiosk/worker.js", "/kiosk-worker.js", "/console/book/schema.json")
OF_PROGRAMS = "/api/v1/"
"""Asked by a token in a header, and asked again each time: private, no-cache."""


@pytest.fixture
def requester(chitra, case):
    client = Client()  # another browser than the desk's
    client.force_login(chitra.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("who", ["console", "requester"])
def test_nothing_that_is_shown_to_one_person_is_kept_for_the_next(request, who, usual):  # noqa: F811
    browser = request.getfixturevalue(who)
    addresses = {filled(route, kinds, usual) for route, kinds in patterns()} - {"/account/logout/"}
    answers = {
        one: read(browser.get(one))
        for one in addresses
        if not one.startswith((*FOR_EVERYBODY, OF_PROGRAMS, "/account/2fa/"))
    }
    assert [
        one for one, answer in answers.items() if "no-store" not in answer.headers["Cache-Control"]
    ] == []
    assert sum(answer.status_code == 200 for answer in answers.values()) > 10


def test_a_file_of_a_case_is_not_kept_either(requester, case, chitra):
    from django.utils import timezone

    from deskbook.tickets.messages import File, Written
    from deskbook.tickets.opening import NewCase, open_ticket

    written = Written("The slip", files=[File("slip.pdf", "application/pdf", b"%PDF")])
    other = open_ticket(
        chitra, NewCase("Slip", written, "portal"), at=timezone.now(), by=chitra
    ).ticket
    file = other.messages.get().attachments.get()
    answer = requester.get(f"/files/{file.pk}/slip.pdf")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_all_drafts_of_a_person_together_have_a_most_and_what_is_kept_stays(
    console, requester, asha, chitra, desk, monkeypatch
):
    monkeypatch.setattr(drafts, "MOST_BYTES", 2_000)
    own = [
        lambda n, text: console.post("/console/drafts", {"key": f"place {n}", "text": text}),
        lambda n, text: requester.post(
            f"/desk/{desk.key}/drafts/", {"key": f"answer {n}/text", "text": text}
        ),
    ]
    for keep in own:
        before = Draft.objects.count()
        assert [keep(n, "x" * 900).status_code for n in range(3)] == [204, 204, 409]
        assert "your unsent texts are too long together" in keep(2, "x" * 900).content.decode()
        assert (keep(0, "shorter").status_code, keep(1, "x" * 899).status_code) == (204, 204)
        assert Draft.objects.count() - before == 2


def test_of_a_person_so_many_drafts_are_kept_the_last_ones(
    requester, console, chitra, asha, desk, monkeypatch
):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    for n in range(5):
        console.post("/console/drafts", {"key": f"place {n}", "text": "half"})
        requester.post(f"/desk/{desk.key}/drafts/", {"key": f"answer {n}/text", "text": "half"})
    for user, places in ((asha.user, "place {}"), (chitra.user, "answer {}")):
        kept = Draft.objects.filter(user=user).values_list("place", flat=True)
        assert set(kept) == {places.format(n) for n in (2, 3, 4)}, user


def test_a_draft_has_no_more_fields_than_a_form(requester, chitra, desk, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_FIELDS", 3)
    for n in range(5):
        requester.post(
            f"/desk/{desk.key}/drafts/", {"key": f"new case {desk.key}/f{n}", "text": "half"}
        )
    assert len(Draft.objects.get(user=chitra.user).fields) == 3


def test_forms_that_are_refused_again_and_again_store_no_more_than_a_days_files(
    requester, desk, monkeypatch
):
    monkeypatch.setattr(new_case, "OF_REQUESTERS", Limits(a_day=25_000))
    answers = [
        requester.post(
            f"/desk/{desk.key}/cases/new/",
            {"text": "", "files": SimpleUploadedFile("a.pdf", bytes([n]) * 10_000)},
        )
        for n in range(4)
    ]
    assert Blob.objects.count() == 2
    assert "tomorrow" in answers[-1].content.decode()
