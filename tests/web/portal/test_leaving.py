"""A follower stops following by the link at the end of every copy."""

from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import add_participant, change_requester, leaving_link
from tests.people_factory import make_contact
from tests.web.portal.conftest import signed_in


def followed(cast):
    """A case of somebody outside her organisation, which Chitra follows."""
    farah = make_contact(cast.desk, "Farah")
    give_sign_in(farah)
    case = NewCase("Printer", Written("It does not print."), "portal", severity="s3")
    ticket = open_ticket(farah, case, at=timezone.now(), by=farah).ticket
    add_participant(ticket, cast.chitra, at=timezone.now(), by=farah)
    return farah, ticket


def test_a_follower_who_stops_gets_no_copies_and_sees_the_case_no_more(cast):
    _farah, ticket = followed(cast)
    client, page = signed_in(cast.chitra), f"/desk/sparkrock/cases/{ticket}/"
    assert "Stop following this case?" in client.get(f"{page}leaving/").content.decode()
    assert client.post(f"{page}leaving/").status_code == 302
    assert not ticket.participants.filter(contact=cast.chitra).exists()
    assert client.get(page).status_code == 404
    assert ticket.log.order_by("-seq").first().kind == "ParticipantRemoved"


def test_whose_case_it_is_cannot_leave_it(cast):
    farah, ticket = followed(cast)
    client, page = signed_in(farah), f"/desk/sparkrock/cases/{ticket}/leaving/"
    assert "there is nothing to stop" in client.get(page).content.decode()
    assert client.post(page).status_code == 404
    assert ticket.participants.filter(contact=farah).exists()


def test_who_stops_by_the_link_of_a_mail_is_told_that_it_is_done(cast):
    _farah, ticket = followed(cast)
    link = urlsplit(leaving_link(ticket, cast.chitra)).path
    assert "Stop following this case?" in Client().get(link).content.decode()
    done = Client().post(link).content.decode()
    assert f"You do not follow {ticket} any more." in done
    assert "Stop following this case?" not in done and "nothing to stop" not in done


def test_the_case_names_who_opened_it_also_when_it_is_anothers_now(cast):
    _farah, ticket = followed(cast)
    change_requester(ticket, cast.chitra, follows=True, at=timezone.now(), by=cast.asha)
    page = signed_in(cast.chitra).get(f"/desk/sparkrock/cases/{ticket}/").content.decode()
    opened = page.partition("<dt>Opened</dt>")[2].partition("</dd>")[0]
    assert "Farah" in opened and "Chitra" not in opened
