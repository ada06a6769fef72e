"""Every address of the portal as somebody who must be kept out."""

import pytest
from django.test import Client

from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Message
from deskbook.web.portal.urls import urlpatterns
from tests.people_factory import make_contact
from tests.web.portal.conftest import signed_in

TEXT = File("a.txt", "text/plain", b"hello")

OPEN_TO_ALL = {
    "/desk/K/about/",
    "/desk/K/anonymous/",
    "/desk/K/anonymous/case/",
    "/desk/K/choices/<str:token>/",
    "/desk/K/ratings/<str:token>/",
    "/desk/K/leaving/<str:token>/",
}
"""Without signing in: tests/web/portal/test_about.py, test_anonymous.py, test_ratings.py and
channels/email/test_followers.py say what they hold and for whom.
"""


@pytest.fixture
def ticket(cast):
    return cast.case(files=(TEXT,))


def addresses(ticket):
    case = f"/desk/sparkrock/cases/{ticket}/"
    file = f"/files/{Attachment.objects.get(message__ticket=ticket).pk}/a.txt"
    return [
        ("get", "/desk/sparkrock/cases/"),
        ("get", "/desk/sparkrock/cases/new/"),
        ("post", "/desk/sparkrock/cases/new/"),
        ("post", "/desk/sparkrock/drafts/"),
        ("get", case),
        ("post", case + "answer/"),
        ("get", case + "close/"),
        ("post", case + "close/"),
        ("post", case + "estimates/E/signature/"),
        ("post", case + "estimates/E/refusal/"),
        ("post", case + "delivery/"),
        ("post", case + "choice/"),
        ("post", case + "papers/P/"),
        ("get", "/desk/sparkrock/contacts/"),
        ("post", "/desk/sparkrock/contacts/"),
        ("post", case + "rating/"),
        ("get", "/desk/sparkrock/visits/new/"),
        ("post", "/desk/sparkrock/visits/new/"),
        ("post", case + "visit/"),
        ("post", case + "visit/V/"),
        ("get", case + "visit/V.ics"),
        ("get", case + "leaving/"),
        ("post", case + "leaving/"),
        ("get", file),
    ]


def test_this_file_knows_every_address_of_a_desk(ticket):
    known = {
        address.replace(str(ticket), "N").replace("sparkrock", "K")
        for _, address in addresses(ticket)
    }
    built = {
        f"/desk/{p.pattern}".replace("<slug:key>", "K").replace("<str:number>", "N")
        for p in urlpatterns
    }
    built = {
        address.replace("<str:estimate>", "E").replace("<path:paper>", "P") for address in built
    }
    built = {address.replace("<str:visit>", "V") for address in built}
    assert built - known == {"/desk/K/", *OPEN_TO_ALL}  # the first leads to the list


def test_strangers_are_asked_to_sign_in_and_get_no_file(ticket):
    for method, address in addresses(ticket):
        answer = getattr(Client(), method)(address)
        if address.startswith("/files/"):
            assert answer.status_code == 404
        else:
            assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/"), (
                address
            )


@pytest.mark.parametrize("who", ["farah", "gopal", "asha"])
def test_people_of_other_desks_and_agents_without_a_contact_find_nothing(cast, ticket, who):
    client = signed_in(getattr(cast, who))
    for method, address in addresses(ticket):
        expected = 200 if who == "asha" and address.startswith("/files/") else 404
        assert getattr(client, method)(address).status_code == expected, address
    assert Message.objects.count() == 1


def test_another_contact_of_the_desk_reaches_neither_the_case_nor_its_file(cast, ticket):
    client = signed_in(make_contact(cast.desk, "Gita"))
    for method, address in addresses(ticket):
        if str(ticket) in address or address.startswith("/files/"):
            assert getattr(client, method)(address).status_code == 404, address


def test_a_case_is_not_reached_through_another_desks_address(cast, ticket):
    contact = make_contact(cast.other_desk, "Chitra2")
    contact.user = cast.chitra.user
    contact.save()
    client = signed_in(cast.chitra)
    assert client.get(f"/desk/small/cases/{ticket}/").status_code == 404
    assert client.get(f"/desk/sparkrock/cases/{ticket}/").status_code == 200


def test_a_file_on_a_note_is_for_agents_only(cast, ticket):
    note_on_ticket(ticket, Written("see file", files=(TEXT,)), at=ticket.opened_at, by=cast.asha)
    file = f"/files/{Attachment.objects.latest('pk').pk}/a.txt"
    assert signed_in(cast.chitra).get(file).status_code == 404
    assert signed_in(cast.asha).get(file).status_code == 200


def test_a_person_who_was_switched_off_is_out(cast, ticket):
    client = signed_in(cast.chitra)
    cast.chitra.user.is_active = False
    cast.chitra.user.save()
    assert client.get(f"/desk/sparkrock/cases/{ticket}/").status_code == 302


@pytest.mark.parametrize(
    ("name", "content_type", "inline"),
    [
        ("a.png", "image/png", True),
        ("a.svg", "image/svg+xml", False),
        ("a.html", "text/html", False),
        ("a.pdf", "application/pdf", False),
    ],
)
def test_only_pictures_open_in_the_browser_and_no_file_can_run(cast, name, content_type, inline):
    ticket = cast.case(files=(File(name, content_type, b"<script>alert(1)</script>"),))
    answer = signed_in(cast.chitra).get(
        f"/files/{Attachment.objects.get(message__ticket=ticket).pk}/{name}"
    )
    assert answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert answer.headers["Content-Type"] == (
        content_type if inline else "application/octet-stream"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
