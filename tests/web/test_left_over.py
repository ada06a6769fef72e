"""What is left over for a person, of every channel, stands in one list: tried again, or dropped by somebody."""

import json
import re
import time
from datetime import timedelta
from html import unescape
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue, JiraLink
from deskbook.channels.all import sorts_of_left_over
from deskbook.channels.app.models import AppCase, AppEvent, AppSystem
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.channels.sms.models import IncomingText, TextMessage
from deskbook.channels.whatsapp.models import WhatsAppAccount, WhatsAppPayload
from deskbook.delivery.states import State
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.refusals import in_words
from deskbook.tickets.messages import Written, store_blob
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.calls.screens import signed_in
from tests.whatsapp_service import BUSINESS, TOMAS

NOW = timezone.now()


@pytest.fixture
def desk(db):
    return make_desk("mukta")


@pytest.fixture
def console(desk):
    return signed_in(make_agent(desk, "Asha"))


@pytest.fixture
def as_bala(desk):
    return signed_in(make_agent(desk, "Bala", role="lead"))


@pytest.fixture
def left(desk):
    """One of each kind, the later the further on in the list of kinds."""
    chitra = make_contact(desk)
    case = open_ticket(chitra, NewCase("Roll", Written("Empty"), "email"), at=NOW, by=chitra).ticket
    link = JiraLink.objects.create(
        desk=desk, base_url="https://j.example", project="MUK", changed_at=NOW
    )
    issue = JiraIssue.objects.create(link=link, ticket=case, key="MUK-77")
    at = {key: NOW + timedelta(minutes=n) for n, key in enumerate(sorts_of_left_over())}
    mail = receive(ingest(b"Subject: Ghost story\n\nBoo"))
    type(mail).objects.update(desk=desk, received_at=at["mail-in"])
    return {
        "mail-out": OutboundMail.objects.create(
            desk=desk,
            notice_key="n",
            recipient="dev@far.example",
            purpose="notice",
            subject="Gap",
            raw=b"",
            mail_id="n",
            state=State.HELD,
            reason="It may be a loop.",
            queued_at=at["mail-out"],
        ),
        "mail-in": mail,
        "text-out": TextMessage.objects.create(
            desk=desk,
            key="k",
            number="+919437012345",
            text="Your request is MUK-7.",
            purpose="acknowledgement",
            state=State.BOUNCED,
            reason="The gateway reports: failed DND.",
            queued_at=at["text-out"],
        ),
        "text-in": IncomingText.objects.create(
            desk=desk,
            provider_id="m1",
            number="+919437099999",
            text="<b>Help</b>",
            state="held",
            reason="Nobody knows them.",
            came_at=at["text-in"],
        ),
        "whatsapp-in": WhatsAppPayload.objects.create(
            desk=desk,
            raw=store_blob(b"no json"),
            state="held",
            reason="It is no JSON.",
            received_at=at["whatsapp-in"],
        ),
        "app-out": AppEvent.objects.create(
            case=AppCase.objects.create(
                system=AppSystem.objects.create(desk=desk, key="l", name="Login page", made_at=NOW),
                ticket=case,
                contact=chitra,
            ),
            key="e",
            type="case.closed",
            entry=LogEntry.objects.filter(ticket=case).first(),
            state=State.GIVEN_UP,
            reason="Not known there.",
            queued_at=at["app-out"],
        ),
        "jira-out": JiraAct.objects.create(
            issue=issue,
            kind="move",
            key="m",
            stage="resolved",
            state=State.GIVEN_UP,
            reason="Not from there.",
            queued_at=at["jira-out"],
        ),
        "jira-in": JiraEvent.objects.create(
            link=link,
            mark="e",
            digest="d",
            payload={},
            ticket=case,
            state="held",
            what="Farid moved MUK-77.",
            reason="Not this way.",
            came_at=at["jira-in"],
        ),
    }


def listed(client, **asked):
    page = client.get("/console/left-over/", asked).content.decode()
    rows = re.findall(r'name="row"\s+value="([\w-]+) \d+">\s*Try again<', page)
    return rows, page


def press(client, act, *rows, **more):
    given = {"row": [f"{key} {row.pk}" for key, row in rows], **more}
    return client.post(f"/console/left-over/{act}", given, follow=True)


def test_all_that_is_left_over_stands_in_one_list_the_latest_first_and_in_one_count(as_bala, left):
    rows, page = listed(as_bala)
    assert rows == [*reversed(sorts_of_left_over())]
    assert re.search(r'Left over<span class="count">8<', page)
    for words in (
        "dev@far.example",
        "Gap",
        "Ghost story",
        "&lt;b&gt;Help",
        "no json",
        "MUK-77",
        "It may be a loop.",
    ):
        assert words in page


def test_the_rail_counts_it_in_the_statement_that_counts_all_else(console, as_bala, left):
    with CaptureQueriesContext(connection) as asked:
        as_bala.get("/console/")
    counting = [query["sql"] for query in asked if "deskbook_whatsapppayload" in query["sql"]]
    assert len(counting) == 1 and "deskbook_logentry" in counting[0]


def test_it_is_found_by_its_words_and_by_its_sort(console, left):
    assert listed(console, q="9437099999")[0] == ["text-in"]
    assert listed(console, q="farid muk-77")[0] == ["jira-in"]
    assert listed(console, q="ghos stor")[0] == ["mail-in"]
    assert listed(console, show="text-out")[0] == ["text-out"]
    assert listed(console, show="whatsapp-in", q="lift")[0] == []
    assert "Nothing was found" in listed(console, q="elevator")[1]


def test_a_long_list_goes_on_on_the_next_page_with_nothing_twice_and_nothing_left_out(
    as_bala, left
):
    """Three hundred were sent again together, and failed again: they are of one instant."""
    TextMessage.objects.bulk_create(
        TextMessage(
            desk=left["text-out"].desk,
            key=f"more {number}",
            number="+919437012345",
            text="?",
            purpose="closing",
            state=State.GIVEN_UP,
            queued_at=NOW + timedelta(hours=1 if number % 4 else 0),
        )
        for number in range(300)
    )
    numbers, address = [], "?"
    while address:
        page = as_bala.get(f"/console/left-over/{address}").content.decode()
        numbers += re.findall(r'value="([\w-]+ \d+)">\s*Try again<', page)
        more = re.search(r'rel="next"\s+href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert (len(numbers), len(set(numbers))) == (308, 308)


@pytest.mark.parametrize("sort", sorts_of_left_over())
def test_a_lead_drops_it_and_it_stays_stored_with_who_did_and_why(console, as_bala, left, sort):
    row = left[sort]
    assert press(console, "discarding", (sort, row), why="Spam").status_code == 404
    press(as_bala, "discarding", (sort, row), why="Nobody we know.")
    row.refresh_from_db()
    assert (row.state, row.dropped_by[:6]) == ("dropped", "agent:")
    assert sort not in listed(as_bala)[0]
    again = press(as_bala, "discarding", (sort, row)).content.decode()
    assert "Nothing was chosen that is still left over." in again
    if sorts_of_left_over()[sort].take_back is None:
        assert in_words(row.reason).startswith("Discarded by Bala: Nobody we know. ")
    else:
        page = as_bala.get("/console/left-over/?show=left-out").content.decode()
        assert "Discarded by Bala: Nobody we know." in page


@pytest.mark.parametrize(
    "sort", [key for key, sort in sorts_of_left_over().items() if sort.take_back]
)
def test_what_came_and_was_dropped_is_taken_back(console, as_bala, left, sort):
    row = left[sort]
    assert "One was discarded." in press(as_bala, "discarding", (sort, row)).content.decode()
    assert press(console, "taking-back", (sort, row)).status_code == 404
    press(as_bala, "taking-back", (sort, row))
    row.refresh_from_db()
    assert (row.state, row.dropped_by, row.dropped_why) == ("held", "", "")
    assert sort in listed(as_bala)[0]


@pytest.mark.parametrize(
    ("sort", "state"),
    [
        ("text-out", "queued"),
        ("jira-out", "queued"),
        ("app-out", "queued"),
        ("mail-in", "new"),
        ("whatsapp-in", "new"),
        ("text-in", "done"),
    ],
)
def test_anybody_of_the_desk_tries_it_again(console, left, sort, state):
    page = press(console, "trying", (sort, left[sort])).content.decode()
    assert "What fails again comes back here." in page
    left[sort].refresh_from_db()
    assert left[sort].state == state
    assert sort not in listed(console)[0]


def test_what_is_refused_again_says_why(console, left):
    JiraLink.objects.update(statuses={"nowhere": "no stage"})
    JiraEvent.objects.update(
        payload={
            "webhookEvent": "jira:issue_updated",
            "issue": {"key": "MUK-77"},
            "user": {"displayName": "Farid"},
            "changelog": {"items": [{"field": "status", "toString": "Nowhere"}]},
        }
    )
    page = press(console, "trying", ("jira-in", left["jira-in"])).content.decode()
    left["jira-in"].refresh_from_db()
    assert left["jira-in"].state == "held"
    assert in_words(left["jira-in"].reason) in unescape(page)
    assert "What fails again" not in page


def test_several_are_chosen_and_tried_together(as_bala, left):
    press(as_bala, "trying", *((key, left[key]) for key in ("mail-out", "text-out", "text-in")))
    assert listed(as_bala)[0] == ["jira-in", "jira-out", "app-out", "whatsapp-in", "mail-in"]


def test_what_is_held_for_somebody_to_decide_is_sent_by_leads(console, as_bala, left):
    held = left["mail-out"]
    assert "mail-out" not in listed(console)[0]
    assert press(console, "trying", ("mail-out", held)).status_code == 404
    press(as_bala, "trying", ("mail-out", held))
    held.refresh_from_db()
    assert (held.state, held.released_by[:6]) == ("queued", "agent:")


def test_a_mail_that_came_is_looked_at_and_made_a_ticket_from_there(console, left):
    page = listed(console)[1]
    assert f"/console/tickets/new?left=mail-in%20{left['mail-in'].pk}" in page
    assert f"/console/left-over/mails/{left['mail-in'].pk}" in page


def test_what_was_refused_for_good_is_not_left_over_and_the_list_says_where_it_is(as_bala, desk):
    chitra = make_contact(desk)
    case = open_ticket(chitra, NewCase("Roll", Written("Empty"), "email"), at=NOW, by=chitra).ticket
    OutboundMail.objects.all().delete()
    assert "Nothing came back" in listed(as_bala, show="came-back")[1]
    OutboundMail.objects.create(
        desk=desk,
        ticket=case,
        notice_key="n",
        recipient="gone@far.example",
        purpose="answer",
        subject="Your roll",
        raw=b"",
        mail_id="n",
        state=State.BOUNCED,
        hard=True,
        reason="550 5.1.1 No such user",
        queued_at=NOW,
    )
    rows, page = listed(as_bala)
    assert rows == []
    assert "Nothing is left over" in page
    assert "refused for good are said on their tickets" in page
    assert 'href="?show=came-back"' in page
    rows, page = listed(as_bala, show="came-back")
    assert all(word in page for word in ("gone@far.example", "550 5.1.1", f"/tickets/{case}"))
    assert rows == []
    assert "Discard" not in page
    assert listed(as_bala, show="came-back", q="nobody")[1].count("gone@far.example") == 0


def test_addresses_of_before_lead_there(console, left):
    for before, now in (
        ("/console/quarantine", "/console/left-over/"),
        ("/console/quarantine?show=unsent", "/console/left-over/?show=mail-out"),
        ("/console/quarantine?show=left-out", "/console/left-over/?show=left-out"),
        ("/console/quarantine/7", "/console/left-over/mails/7"),
    ):
        assert console.get(before).headers["Location"] == now


def test_a_sign_in_code_is_neither_shown_nor_found(console, left):
    TextMessage.objects.update(purpose="code", text="7K3M signs you in once.")
    assert "7K3M" not in listed(console)[1]
    assert listed(console, q="7K3M")[0] == []


def test_another_desks_is_nobodys_business(left):
    stranger = signed_in(make_agent(make_desk("sparkrock"), "Farid", role="owner"))
    assert listed(stranger)[0] == []
    assert listed(stranger, show="left-out")[0] == []
    for key, row in left.items():
        for act in ("trying", "discarding", "taking-back"):
            press(stranger, act, (key, row))
        row.refresh_from_db()
        assert row.state in ("held", "bounced", "failed")
    assert stranger.post("/console/left-over/pigeon/trying").status_code == 404
    assert press(stranger, "trying", ("pigeon", left["text-in"])).status_code == 200
    assert Client().get("/console/left-over/").status_code == 302


def test_a_text_that_was_not_taken_in_is_made_a_ticket(console, left):
    text = left["text-in"]
    form = console.get("/console/tickets/new", {"left": f"text-in {text.pk}"}).content.decode()
    assert "&lt;b&gt;Help" in form and "+919437099999" in form
    given = {"requester": text.number, "subject": "Help", "text": "Help", "channel": "phone"}
    made = console.post(
        "/console/tickets/new", {**given, "left": f"text-in {text.pk}", "client_key": "n"}
    )
    text.refresh_from_db()
    assert (made.status_code, text.state) == (302, "done")
    assert str(text.ticket) in made["Location"]
    assert "text-in" not in listed(console)[0]


def make_a_ticket(client, sort, row, text, **more):
    given = {
        "left": f"{sort} {row.pk}",
        "requester": "dev@far.example",
        "text": text,
        "channel": "email",
        **more,
    }
    return client.post("/console/tickets/new", given)


@pytest.fixture
def can_be_a_ticket(left, desk):
    """Each sort of what came that a ticket is made of, the webhook with a message in it."""
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Help"}, at=NOW)
    WhatsAppPayload.objects.update(raw=store_blob(json.dumps(webhook).encode()))
    WhatsAppAccount.objects.create(
        desk=desk, phone_number_id=BUSINESS.phone_number_id, changed_at=NOW
    )
    return left


@pytest.mark.parametrize("sort", ["mail-in", "text-in", "whatsapp-in"])
def test_of_one_thing_that_came_one_ticket_is_made_and_who_is_second_is_told_which(
    console, as_bala, can_be_a_ticket, sort
):
    row, before = can_be_a_ticket[sort], Ticket.objects.count()
    assert make_a_ticket(console, sort, row, "As Asha typed it").status_code == 302
    made = Ticket.objects.latest("pk")
    second = make_a_ticket(as_bala, sort, row, "As Bala typed it", subject="Of Bala")
    page = unescape(second.content.decode())
    assert (second.status_code, Ticket.objects.count()) == (409, before + 1)
    assert "A ticket was made of this already." in page
    assert f'href="/console/tickets/{made}"' in page
    assert "As Bala typed it" in page and 'value="Of Bala"' in page
    opened = as_bala.get(f"/console/tickets/new?left={sort}%20{row.pk}").content.decode()
    assert f'href="/console/tickets/{made}"' in opened
    assert "<textarea" not in opened, "no empty form that has nothing to do with it"


def test_what_was_discarded_meanwhile_becomes_no_ticket_and_another_desk_learns_nothing_of_it(
    console, as_bala, left
):
    row, before = left["text-in"], Ticket.objects.count()
    press(as_bala, "discarding", ("text-in", row))
    answer = make_a_ticket(console, "text-in", row, "Typed long ago")
    assert (answer.status_code, Ticket.objects.count()) == (409, before)
    assert "somebody has decided about it" in answer.content.decode()
    assert "Typed long ago" in answer.content.decode()
    made = open_ticket(
        make_contact(row.desk),
        NewCase("Secret", Written("?"), "email"),
        at=NOW,
        by=make_agent(row.desk, "Cara"),
    ).ticket
    IncomingText.objects.update(state="done", ticket=made)
    stranger = signed_in(make_agent(make_desk("salama"), "Dev"))
    address = f"/console/tickets/new?left=text-in%20{row.pk}"
    assert f'/console/tickets/{made}"' in console.get(address).content.decode()
    page = stranger.get(address).content.decode()
    assert "somebody has decided about it" in page and str(made) not in page


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_a_ticket_of_one_mail_at_once_the_second_waits_for_the_first(
    desk, console, as_bala
):
    ingest(b"From: dev@far.example\nSubject: Ghost story\n\nBoo")
    InboundMail.objects.update(desk=desk, state="held")
    mail = InboundMail.objects.get()
    ready, answers = Barrier(2), []

    def press_at_once(client, text):
        ready.wait()
        answers.append(make_a_ticket(client, "mail-in", mail, text).status_code)
        connection.close()

    people = [Thread(target=press_at_once, args=of) for of in ((console, "a"), (as_bala, "b"))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(answers) == [302, 409]
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["mail-in", "mail-out"])
def test_what_another_discards_at_the_same_instant_is_not_said_to_be_tried_again(
    desk, as_bala, left, key
):
    """Bala chooses several and tries them, while Carla discards one of them."""
    carla, row, pages = make_agent(desk, "Carla", role="lead"), left[key], []
    sort = sorts_of_left_over()[key]

    def press():
        chosen = {"row": [f"{key} {row.pk}"]}
        pages.append(
            as_bala.post("/console/left-over/trying", chosen, follow=True).content.decode()
        )
        connection.close()

    bala = Thread(target=press)
    with transaction.atomic():
        sort.drop(row, carla, timezone.now(), "A ghost")
        bala.start()
        _wait_until_somebody_waits()
    bala.join()
    row.refresh_from_db()
    assert row.state == "dropped"
    assert "Nothing was chosen that is still left over." in pages[0]


def _wait_until_somebody_waits():
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("nobody waited")
