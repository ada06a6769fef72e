"""An agent sees who follows a case, lets somebody follow and takes somebody out."""

import re
from html import unescape

import pytest
from django.utils import timezone

from deskbook.channels.email.mailboxes import addresses_of
from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import add_way, contact_by
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.participants import add_participant
from tests.people_factory import make_contact, make_desk
from tests.screens import one_line

ZELIA = "zelia@school.example"


@pytest.fixture
def farah(desk):
    return make_contact(desk, "Farah")


def story(console, at_ticket):
    return (
        console.get(at_ticket())
        .content.decode()
        .split('id="timeline"')[1]
        .split('id="composer"')[0]
    )


def composer(console, at_ticket):
    page = one_line(console.get(at_ticket()).content.decode())
    return page.split('class="for-answer">')[1].split("</span>")[0].strip()


def test_somebody_let_follow_by_their_address_gets_copies_and_the_story_says_who_did_it(
    console, at_ticket, case, desk, chitra
):
    answer = console.post(
        at_ticket("followers"), {"follower": f"Zélia <{ZELIA}>", "client_key": "k"}
    )
    assert answer.status_code == 302
    assert case.participants.filter(contact=contact_by(desk, "email", ZELIA)).count() == 1
    assert "Asha: Zélia now follows" in story(console, at_ticket)
    to, _mark, copies = composer(console, at_ticket).partition(" · copies to ")
    assert to.startswith("to Chitra &lt;")
    assert copies == f"Zélia &lt;{ZELIA}&gt;"


def test_who_is_the_requester_already_by_another_address_is_said_to_be(
    console, at_ticket, case, chitra
):
    add_way(chitra, "email", ZELIA)
    told = {
        "follower": "They take part already.",
        "requester": "Chitra is the requester already.",
    }
    for form, words in told.items():
        where = at_ticket("followers" if form == "follower" else form)
        page = console.post(where, {form: ZELIA, "client_key": form}, follow=True)
        assert words in page.content.decode()
    assert "follows" not in story(console, at_ticket)


def test_somebody_taken_out_gets_no_copies_and_the_story_says_so(
    console, at_ticket, case, asha, farah
):
    add_participant(case, farah, at=timezone.now(), by=asha)
    console.post(at_ticket("followers"), {"remove": farah.pk, "follower": "", "client_key": "k"})
    assert not case.participants.filter(contact=farah).exists()
    assert "Asha: Farah follows no more" in story(console, at_ticket)
    assert "copies to" not in composer(console, at_ticket)


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_who_takes_somebody_out_reads_how_many_letters_still_go_to_them(
    console, at_ticket, case, asha, farah, state
):
    add_participant(case, farah, at=timezone.now(), by=asha)
    answer_ticket(case, Written("Try this."), at=timezone.now(), by=asha)
    carry_answer(case.log.get(kind="Answered").pk)
    OutboundMail.objects.update(state=state)
    fields = {"remove": farah.pk, "follower": "", "client_key": "k"}
    page = one_line(console.post(at_ticket("followers"), fields, follow=True).content.decode())
    waits = "Farah follows no more. 1 letter of before waits to leave and goes to them."
    assert ("Farah follows no more." in page, waits in page) == (True, state == "queued")


def test_somebody_taken_out_can_be_let_follow_again(console, at_ticket, case, farah):
    for key, fields in (
        ("a", {"follower": "Farah"}),
        ("b", {"remove": farah.pk}),
        ("c", {"follower": "Farah"}),
    ):
        console.post(at_ticket("followers"), {**fields, "client_key": key})
    assert case.participants.filter(contact=farah).count() == 1


def test_the_requester_is_not_taken_out_of_their_own_case(console, at_ticket, case, chitra):
    answer = console.post(at_ticket("followers"), {"remove": chitra.pk, "client_key": "k"})
    assert answer.status_code == 409
    assert "The case is theirs: make it somebody else" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "nobody known", "a@b x@"])
def test_a_follower_who_cannot_be_made_out_comes_back_as_typed_with_the_reason(
    console, at_ticket, case, typed
):
    before = case.participants.count()
    answer = console.post(at_ticket("followers"), {"follower": typed, "client_key": "k"})
    page = answer.content.decode()
    assert (answer.status_code, case.participants.count()) == (422, before)
    assert f'value="{typed}"' in page
    assert 'id="followers-follower-error"' in page


def test_nobody_of_another_desk_is_taken_out_or_let_in(console, at_ticket, case):
    assert (
        console.post(at_ticket("followers"), {"remove": "999999", "client_key": "k"}).status_code
        == 404
    )


def test_the_requester_is_changed_by_an_address_and_the_story_says_who_did_it(
    console, at_ticket, case, desk, chitra
):
    fields = {"requester": f"Zélia <{ZELIA}>", "follows": "yes", "client_key": "k"}
    assert console.post(at_ticket("requester"), fields).status_code == 302
    case.refresh_from_db()
    assert case.requester == contact_by(desk, "email", ZELIA)
    assert "Asha made Zélia the requester; whoever it was before follows it" in story(
        console, at_ticket
    )
    assert composer(console, at_ticket).startswith(f"to Zélia &lt;{ZELIA}&gt; · copies to Chitra")


def test_who_wrote_a_forwarded_mail_becomes_the_requester_by_one_click(console, at_ticket, case):
    case.messages.update(forwarded_from=f"Zélia <{ZELIA}>")
    page = console.get(at_ticket()).content.decode()
    assert f"Forwarded: Zélia &lt;{ZELIA}&gt; wrote it." in page
    form = page.split(f'action="{at_ticket("requester")}"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(requester|follows|client_key)"\s+value="([^"]*)"', form))
    assert (
        console.post(
            at_ticket("requester"), {k: unescape(v) for k, v in fields.items()}
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.requester.name == "Zélia"
    assert "wrote it." not in console.get(at_ticket()).content.decode()


@pytest.mark.parametrize("way", ["own", "detail", "other desk", "bounces"])
def test_no_desks_own_address_is_anybody(console, at_ticket, desk, chitra, way):
    own, others = addresses_of(desk)[0], addresses_of(make_desk("salama"))[0]
    detail, bounces = own.replace("@", "+t.7@"), f"bounce@{others.partition('@')[2]}"
    address = {"own": own, "detail": detail, "other desk": others, "bounces": bounces}[way]
    typed = f"The desk <{address.upper()}>"
    forms = [
        (at_ticket("followers"), {"follower": typed}),
        (at_ticket("requester"), {"requester": typed}),
        (
            "/console/tickets/new",
            {"requester": typed, "subject": "s", "text": "t", "channel": "phone"},
        ),
        ("/console/calls/new", {"caller": typed, "text": "t", "subject": "s"}),
        (
            "/console/calls/new",
            {
                "contact": chitra.pk,
                "text": "t",
                "subject": "s",
                "outcome": "mail",
                "address": address,
            },
        ),
        (f"/console/contacts/{chitra.pk}/ways", {"channel": "email", "identifier": address}),
    ]
    for form, fields in forms:
        answer = console.post(form, {**fields, "client_key": "k"})
        assert answer.status_code in (409, 422), form
        assert "is the address of a desk or of a team here" in unescape(answer.content.decode()), (
            form
        )
    assert contact_by(desk, "email", address) is None
