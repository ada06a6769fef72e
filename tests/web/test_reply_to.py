"""What the ticket says of a mail beside its words: where it asks for answers (Reply-To), who else
it is from.
"""

import re
from html import unescape

import pytest

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.delivery.states import Taken
from deskbook.tickets.models import Message, Ticket


def mailed(reply_to, sender="Rita <rita@rt.example>", kind="text/plain", body="How much is left?"):
    raw = (
        f"From: {sender}\r\nTo: support@sparkrock.example\r\nReply-To: {reply_to}\r\nSubject:"
        " Leave\r\nMessage-ID: <leave@rt.example>\r\nDate: Mon, 2 Mar 2026 09:00:00"
        f" +0000\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
    )
    row = receive(ingest(raw.encode()))
    assert row.state == Taken.DONE, row.reason
    return Ticket.objects.get()


def timeline(console, ticket):
    page = console.get(f"/console/tickets/{ticket}").content.decode()
    return unescape(page.split('id="timeline"')[1].split('id="composer"')[0])


def followers(ticket):
    return {str(row.contact) for row in ticket.participants.select_related("contact")}


def offered(shown):
    return re.findall(r'name="follower" value="([^"]+)"', shown)


def test_where_answers_are_asked_for_is_said_and_follows_by_one_click_and_not_before(console, desk):
    ticket = mailed("Secretary <sec@rt.example>, Boss <boss@rt.example>")
    shown = timeline(console, ticket)
    assert str(ticket.requester) == "Rita"
    assert "It asks for answers at sec@rt.example." in shown
    assert offered(shown) == ["sec@rt.example", "boss@rt.example"]
    assert followers(ticket) == {"Rita"}
    console.post(
        f"/console/tickets/{ticket}/followers", {"follower": "sec@rt.example", "client_key": "k"}
    )
    assert followers(ticket) == {"Rita", "sec@rt.example"}
    assert offered(timeline(console, ticket)) == ["boss@rt.example"]


@pytest.mark.parametrize(
    "own", ["rita@rt.example", "RITA@rt.example", "Desk <support@sparkrock.example>"]
)
def test_of_their_own_address_and_of_the_desks_nothing_is_said(console, desk, own):
    shown = timeline(console, mailed(own))
    assert "It asks for answers at" not in shown
    assert not offered(shown)


@pytest.mark.parametrize("doubt", [{"unproven": "dmarc=fail"}, {"outsider": True}])
def test_whoever_is_not_known_to_have_written_asks_and_nobody_follows_by_it(console, desk, doubt):
    ticket = mailed("sec@rt.example")
    Message.objects.filter(ticket=ticket).update(**doubt)
    shown = timeline(console, ticket)
    assert "It asks for answers at sec@rt.example" in shown
    assert not offered(shown)


def test_the_second_who_is_named_in_from_is_named_on_the_ticket(console, desk):
    shown = timeline(
        console, mailed("rita@rt.example", "Rita <rita@rt.example>, Sven <sven@rt.example>")
    )
    assert (
        "It is also from Sven <sven@rt.example>; the first who is named counts as its sender."
        in shown
    )


def test_in_portuguese_too(console, desk, asha):
    asha.user.language = "pt"
    asha.user.save()
    assert "Deixar sec@rt.example seguir" in timeline(console, mailed("sec@rt.example"))


def test_a_mail_encrypted_as_a_whole_is_said_to_be_in_the_readers_language(console, desk, asha):
    ticket = mailed("rita@rt.example", kind="application/pkcs7-mime", body="MIIB")
    assert "This mail is encrypted or signed as a whole" in timeline(console, ticket)
    asha.user.language = "pt"
    asha.user.save()
    assert "Este e-mail está cifrado ou assinado por inteiro" in timeline(console, ticket)


def test_an_invitation_is_said_in_the_readers_language_in_its_text_and_its_html(
    console, desk, asha
):
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:From: here\r\n"
        "DTSTART:20261201T100000Z\r\nLOCATION:Room 4\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:rita@rt.example\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    parts = (
        f"--b\r\nContent-Type: text/html\r\n\r\n<p>Come</p>\r\n"
        f"--b\r\nContent-Type: text/calendar\r\n\r\n{calendar}\r\n--b--"
    )
    ticket = mailed("rita@rt.example", kind='multipart/mixed; boundary="b"', body=parts)
    english = timeline(console, ticket)
    asha.user.language = "pt"
    asha.user.save()
    said = timeline(console, ticket)
    for words in ("[Invitation]", "Place: Room 4", "rita@rt.example: accepted"):
        assert words in english
        assert words not in said
    for words in (
        "[Convite]",
        "Assunto: From: here",
        "Início: 2026-12-01 10:00 UTC",
        "Local: Room 4",
        "rita@rt.example: aceite",
    ):
        assert words in said


def test_words_that_look_like_an_invitations_stay_as_they_were_typed(console, desk, asha):
    asha.user.language = "pt"
    asha.user.save()
    body = "Place: Room 4\r\n\r\nI had an [Invitation] from Rita: accepted"
    assert body.splitlines()[0] in timeline(console, mailed("rita@rt.example", body=body))
    assert "Rita: accepted" in timeline(console, Ticket.objects.get())


def test_a_text_of_a_kind_nobody_knows_is_read_as_plain_text(console, desk):
    ticket = mailed(
        "rita@rt.example", kind="text/enriched", body="How much <bold>leave</bold> is left?"
    )
    assert "How much <bold>leave</bold> is left?" in timeline(console, ticket)
