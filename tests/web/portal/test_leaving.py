"""A follower stops following by the link at the end of every copy."""

from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.tickets.intake import NewCase, open_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.participants import add_participant
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
