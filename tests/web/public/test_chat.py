"""The public chat page over HTTP: who gets in, what they may send, what is refused and how."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deskbook.channels.chat import queue, talk, tries
from deskbook.channels.chat.models import ChatSession
from deskbook.people.access import contacts_of, visible_to_contact
from deskbook.people.contacts import addresses_to_write_to, find_or_make_contact, give_sign_ins
from deskbook.people.merging import merge_contacts
from deskbook.people.models import ContactIdentity
from deskbook.tickets.models import Message, Ticket
from deskbook.web.public.chat.page import words
from deskbook.web.uploads import LARGEST_FILE
from tests.channels.chat.desk import BOOK, BY_NAME, CLOSED, RIGHT, SECRET
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation
from tests.web.portal.test_weight import on_the_wire

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def desk(db):
    return make_desk("pay", BOOK)


@pytest.fixture
def chitra(desk):
    contact = make_contact(desk, "Chitra")
    contact.name = "Chitra K. Raman"
    contact.save()
    for channel, identifier in (("pen", "512345"), ("phone", "+919447000001")):
        ContactIdentity.objects.create(
            contact=contact, desk=desk, channel=channel, identifier=identifier
        )
    return contact


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("office",))


@pytest.fixture
def browser():
    """A browser of somebody who is not signed in, and which checks CSRF as real ones are
    checked.
    """
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def enter(browser, desk, chitra):
    """Begin a chat as the page's script does."""

    def begin(secret=SECRET, **changed):
        given = {
            **RIGHT,
            "text": "My DA arrears are missing.",
            "secret": secret,
            "zone": "Asia/Dubai",
            **changed,
        }
        return browser.post("/chat/pay/", given, **JSON)

    return begin


@pytest.fixture
def session(enter, desk):
    enter()
    return talk.chat_of(desk.pk, SECRET, at=timezone.now())


@pytest.fixture
def send(browser):
    """Send a line as the page's script does."""

    def line(text="And the bonus?", key="1" * 32, secret=SECRET, **more):
        headers = {"x-chat-secret": secret}
        return browser.post("/chat/pay/lines/", {"text": text, "key": key, **more}, headers=headers)

    return line


def hear(browser, after=0, secret=SECRET):
    return browser.get(f"/chat/pay/events/?after={after}", headers={"x-chat-secret": secret}).json()


def test_who_states_everything_rightly_is_in_the_queue(enter, desk):
    told = enter().json()
    assert told["chat"]["number"] == "PAY-1"
    session = ChatSession.objects.get()
    assert (session.state, session.zone) == ("waiting", "Asia/Dubai")


@pytest.mark.parametrize(
    "wrong", [{"asked.name": "Dev"}, {"asked.pen": "1"}, {"asked.registered mobile": "+91 1"}]
)
def test_a_wrong_statement_is_refused_in_the_same_words_whichever_it_was(enter, wrong):
    answer = enter(**wrong)
    assert (answer.status_code, answer.json()["errors"]) == (422, {})
    assert answer.json()["error"].startswith(
        "This does not match what the desk knows. Check every field"
    )
    assert Ticket.objects.count() == 0


def test_three_wrong_tries_lock_even_the_right_answer_for_a_while(enter):
    for pen in "123":
        enter(**{"asked.pen": pen})
    locked = enter()
    assert locked.status_code == 429
    assert "Try again in 5 minutes" in locked.json()["error"]
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert enter().json()["chat"]


def test_what_is_missing_is_said_beside_its_field_and_is_no_try(enter):
    for _ in range(4):
        answer = enter(**{"asked.pen": "", "text": " "})
    assert set(answer.json()["errors"]) == {"asked.pen", "text"}
    assert enter().json()["chat"]


def test_the_form_sent_again_on_a_bad_line_is_the_same_chat(enter):
    assert enter().json()["chat"] == enter().json()["chat"]
    assert Ticket.objects.count() == 1


def test_more_chats_than_a_person_begins_are_refused(enter):
    answers = [enter(secret=f"{n:064x}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


def begin_as_stranger(browser, number, address="192.0.2.1", **changed):
    given = {"asked.name": "Dev", "text": "Hello", "secret": f"{number:064x}", **changed}
    headers = {"accept": "application/json", "user-agent": f"Browser {number}"}
    return browser.post("/chat/pay/", given, headers=headers, REMOTE_ADDR=address)


def test_a_stranger_who_names_another_browser_each_time_begins_no_more_chats(browser, db):
    make_desk("pay", BY_NAME)
    answers = [
        begin_as_stranger(browser, n).status_code for n in range(tries.CHATS_OF_STRANGERS + 1)
    ]
    assert answers == [200] * tries.CHATS_OF_STRANGERS + [429]
    assert begin_as_stranger(browser, 99, address="192.0.2.2").status_code == 200


def test_a_desk_that_asks_nothing_takes_so_many_strangers_a_day_from_all_addresses(
    browser, db, monkeypatch
):
    monkeypatch.setattr(tries, "STRANGERS_OF_A_DESK", 3)
    make_desk("pay", BY_NAME)
    answers = [begin_as_stranger(browser, n, address=f"192.0.2.{n}").status_code for n in range(4)]
    assert answers == [200, 200, 200, 429]


def test_who_types_the_name_and_the_address_of_a_customer_is_not_that_customer(browser, db):
    desk = make_desk("pay", BY_NAME)
    chitra = make_contact(desk, "Chitra")
    mail = chitra.identities.get().identifier
    begin_as_stranger(browser, 1, **{"asked.name": "Chitra", "mail": mail})
    stranger = Ticket.objects.get().requester
    assert (stranger == chitra, stranger.identities.count()) == (False, 0)
    assert mail in stranger.attributes.values()


def test_a_typed_address_makes_nobody_a_member_of_an_organisation(browser, db):
    desk = make_desk("pay", BY_NAME)
    organisation = make_organisation(desk)
    organisation.domains = ["customer.example"]
    organisation.save()
    begin_as_stranger(browser, 1, mail="dev@customer.example")
    stranger = Ticket.objects.get().requester
    assert (stranger.organisation, addresses_to_write_to(stranger)) == (
        None,
        ["dev@customer.example"],
    )


def test_who_owns_an_address_that_a_stranger_typed_sees_and_owns_nothing_of_the_chat(browser, db):
    desk = make_desk("pay", BY_NAME)
    begin_as_stranger(browser, 1, mail="Dev@customer.example")
    begin_as_stranger(browser, 2, mail="dev@customer.example")
    ticket = Ticket.objects.order_by("pk")[0]
    assert give_sign_ins("dev@customer.example") is None
    owner = find_or_make_contact(desk, "email", "dev@customer.example", name="Dev")
    assert owner != ticket.requester
    user = give_sign_ins("dev@customer.example")
    assert not any(
        visible_to_contact(one, Ticket.objects.all()).exists() for one in contacts_of(user)
    )
    # It is somebody's: they are not written to for a stranger.
    assert addresses_to_write_to(ticket.requester) == []


@pytest.mark.parametrize(
    ("limit", "most"),
    [("FILES_OF_A_CHAT", 25_000), ("FILES_OF_AN_ADDRESS", 25_000), ("FILES_OF_A_DESK", 25_000)],
)
def test_so_many_files_are_taken_in_a_day_and_words_go_on(session, send, monkeypatch, limit, most):
    monkeypatch.setattr(tries, limit, most)
    sent = [
        send(key=f"{n:032x}", files=SimpleUploadedFile("slip.pdf", bytes([n]) * 10_000)).status_code
        for n in range(3)
    ]
    assert sent == [200, 200, 429]
    assert send(key="9" * 32).status_code == 200


def test_so_much_is_written_in_a_chat_in_a_day(session, send, monkeypatch):
    monkeypatch.setattr(tries, "TEXT_OF_A_CHAT", 25_000)
    sent = [send(text="x" * 10_000, key=f"{n:032x}") for n in range(3)]
    assert [answer.status_code for answer in sent] == [200, 200, 429]
    assert "tomorrow" in sent[-1].json()["error"]


def test_a_desk_that_asks_nothing_lets_anybody_in_by_name(browser, db):
    make_desk("pay", BY_NAME)
    given = {"asked.name": "<script>alert(1)</script>", "text": "Hello", "secret": SECRET}
    assert browser.post("/chat/pay/", given, **JSON).json()["chat"]
    assert Ticket.objects.get().requester.name == "<script>alert(1)</script>"


def test_an_address_of_somebody_with_another_name_is_not_theirs(browser, db):
    desk = make_desk("pay", BY_NAME)
    chitra = make_contact(desk, "Chitra")
    mail = chitra.identities.get().identifier
    given = {"asked.name": "Dev", "mail": mail, "text": "Hello", "secret": SECRET}
    assert browser.post("/chat/pay/", given, **JSON).json()["chat"]
    assert Ticket.objects.get().requester != chitra


def test_a_line_is_stored_once_however_often_it_is_sent(session, send, browser):
    assert send().json() == send().json()
    assert [line["text"] for line in hear(browser)["lines"]] == [
        "My DA arrears are missing.",
        "And the bonus?",
    ]


def test_ones_own_lines_carry_their_key_and_the_desks_do_not(session, send, browser, asha):
    queue.take(session, at=timezone.now(), by=asha)
    send()
    session = talk.chat_of(session.desk_id, SECRET, at=timezone.now())
    talk.answer(session, talk.Written("We look."), at=timezone.now(), by=asha, key="2" * 32)
    [_first, own, desks] = hear(browser)["lines"]
    assert (own["by"], own["key"]) == ("you", "1" * 32)
    assert (desks["by"], desks["who"], desks["key"]) == ("desk", "Asha", "")


@pytest.mark.parametrize("path", ["lines/", "signals/", "end/"])
def test_a_forged_secret_may_do_nothing(session, browser, path):
    answer = browser.post(
        f"/chat/pay/{path}", {"text": "x", "key": "1" * 32}, headers={"x-chat-secret": "f" * 64}
    )
    assert answer.status_code == 403
    assert "This chat is over" in answer.json()["error"]


def test_a_forged_secret_reads_nothing(session, browser):
    assert browser.get("/chat/pay/events/", headers={"x-chat-secret": "f" * 64}).status_code == 403
    assert browser.get("/chat/pay/events/").status_code == 403


def test_a_cookie_alone_says_nothing_so_no_other_site_can_speak_for_a_visitor(
    session, browser, chitra
):
    browser.force_login(chitra.user, "django.contrib.auth.backends.ModelBackend")
    assert browser.post("/chat/pay/lines/", {"text": "x", "key": "1" * 32}).status_code == 403


def test_a_text_of_fifty_kilobytes_fits_and_one_more_is_told_what_to_do(session, send):
    assert send("x" * 50_000).status_code == 200
    refused = send("x" * 50_001, key="3" * 32)
    assert refused.status_code == 422
    assert "attach it as a file" in refused.json()["error"]


def test_papers_come_as_files_and_are_fetched_by_their_own_link(session, send, browser):
    assert (
        send("", files=SimpleUploadedFile("slip.pdf", b"%PDF-1.4", "application/pdf")).status_code
        == 200
    )
    [file] = hear(browser)["lines"][-1]["files"]
    got = Client().get(file["url"])
    assert (got.status_code, got.content) == (200, b"%PDF-1.4")


@pytest.mark.parametrize(
    ("size", "words"), [(0, "is empty"), (LARGEST_FILE + 1, "Send a smaller one")]
)
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(session, send, size, words):
    refused = send("", files=SimpleUploadedFile("slip.pdf", b"x" * size, "application/pdf"))
    assert refused.status_code == 422
    assert words in refused.json()["error"]


def test_a_link_to_a_file_opens_no_other_file(session, send, browser, desk):
    from deskbook.tickets.messages import File, Written
    from deskbook.web.shared.chat_lines import link_to

    other = make_contact(desk, "Evan")
    from deskbook.tickets.opening import NewCase, open_ticket

    written = Written("secret", files=[File("pay.pdf", "application/pdf", b"%PDF")])
    recorded = open_ticket(other, NewCase("x", written, "email"), at=timezone.now(), by=other)
    foreign = Message.objects.get(ticket=recorded.ticket).attachments.get()
    assert (
        browser.get(f"/chat/pay/files/{link_to(session.pk, foreign.pk)}/pay.pdf").status_code == 404
    )
    assert browser.get("/chat/pay/files/forged:link/pay.pdf").status_code == 404


def test_a_link_to_a_file_opens_not_all_that_was_said(session, send, browser):
    told = send(files=SimpleUploadedFile("slip.pdf", b"%PDF-1.4")).json()["line"]["files"][0]["url"]
    token = told.split("/")[-2]
    assert browser.get(told).status_code == 200
    assert browser.get(f"/chat/pay/copy/{token}/").status_code == 404


def test_internal_notes_are_neither_in_the_chat_nor_in_the_copy(session, browser, asha):
    from deskbook.tickets.conversation import note_on_ticket

    note_on_ticket(session.ticket, talk.Written("Watch out."), at=timezone.now(), by=asha)
    copy = browser.get("/chat/pay/afterwards/", headers={"x-chat-secret": SECRET}).json()["copy"]
    assert "Watch out." not in Client().get(copy).content.decode()
    assert "Watch out." not in str(hear(browser))


def test_the_copy_is_a_text_with_everything_said_at_the_visitors_time(session, send, browser):
    send("നന്ദി")
    got = Client().get(
        browser.get("/chat/pay/afterwards/", headers={"x-chat-secret": SECRET}).json()["copy"]
    )
    text = got.content.decode()
    assert got.headers["Content-Disposition"] == 'attachment; filename="PAY-1.txt"'
    assert "You: My DA arrears are missing." in text
    assert "You: നന്ദി" in text
    assert "+04" in text.splitlines()[0]


def test_the_visitor_ends_the_chat_and_the_case_goes_on(session, browser):
    assert (
        browser.post("/chat/pay/end/", {}, headers={"x-chat-secret": SECRET}).json()["number"]
        == "PAY-1"
    )
    session.refresh_from_db()
    assert (session.state, session.ended_by, session.ticket.is_open) == ("ended", "visitor", True)


def test_typing_is_told_and_stored_nowhere(session, browser):
    before = Message.objects.count()
    answer = browser.post("/chat/pay/signals/", {"typing": "1"}, headers={"x-chat-secret": SECRET})
    assert (answer.status_code, Message.objects.count()) == (204, before)


def test_reading_and_getting_are_kept(session, browser):
    browser.post("/chat/pay/signals/", {"got": "7", "read": "5"}, headers={"x-chat-secret": SECRET})
    session.refresh_from_db()
    assert (session.got, session.visitor_read) == (7, 5)


def test_out_of_hours_it_is_a_message_with_the_books_words_and_the_opening(browser, chitra, desk):
    make_desk("pay", CLOSED)
    page = browser.get("/chat/pay/").content.decode()
    assert "Leave a message" in page
    assert "Write a message." in page
    assert re.search(r'<time id="opens" datetime="[^"]+">Thu \d+ \w+, 03:00 IST</time>', page)
    told = browser.post("/chat/pay/", {**RIGHT, "text": "Call me", "secret": SECRET}, **JSON).json()
    assert told["left"] == "PAY-1"
    assert ChatSession.objects.count() == 0
    assert Ticket.objects.get().channel == "live chat"


def test_a_chat_that_runs_when_the_hours_end_goes_on(desk, chitra, browser):
    make_desk(
        "pay",
        BOOK.replace(
            "chat hours: { mon-sun: 00:00-24:00 }", "chat hours: { mon-sun: 09:00-17:00 }"
        ),
    )
    at = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)  # 16:30 in Kolkata
    with time_machine.travel(at):
        given = {**RIGHT, "text": "Late", "secret": SECRET}
        assert browser.post("/chat/pay/", given, **JSON).json()["chat"]
    with time_machine.travel(at + timedelta(hours=1)):
        line = {"text": "Still there?", "key": "1" * 32}
        sent = browser.post("/chat/pay/lines/", line, headers={"x-chat-secret": SECRET})
        assert sent.status_code == 200
        assert ChatSession.objects.get().state == "waiting"


def test_without_a_script_the_form_leaves_a_message(browser, chitra):
    page = browser.post("/chat/pay/", {**RIGHT, "text": "Call me", "client_key": "a" * 32})
    again = browser.post("/chat/pay/", {**RIGHT, "text": "Call me", "client_key": "a" * 32})
    assert "PAY-1" in page.content.decode()
    assert "PAY-1" in again.content.decode()
    assert Ticket.objects.count() == 1


def test_a_message_left_again_with_other_words_is_another_message(browser, chitra):
    for text in ("Call me", "No, write to me", "No, write to me"):
        page = browser.post("/chat/pay/", {**RIGHT, "text": text, "client_key": "a" * 32})
        assert page.status_code == 200
    said = Message.objects.order_by("pk").values_list("text", flat=True)
    assert list(said) == ["Call me", "No, write to me"]


def test_who_begins_again_with_other_words_as_the_answer_was_lost_has_said_both(enter, desk):
    for text in ("Hello", "My DA arrears are missing.", "My DA arrears are missing.", "Hello"):
        assert enter(text=text).json()["chat"] == {"number": "PAY-1"}
    said = Message.objects.order_by("pk").values_list("text", flat=True)
    assert list(said) == ["Hello", "My DA arrears are missing."]


def test_what_was_typed_comes_back_when_it_is_refused_and_is_never_markup(browser, chitra):
    given = {**RIGHT, "asked.name": '"><script>alert(1)</script>', "text": "</textarea><script>"}
    page = browser.post("/chat/pay/", given).content.decode()
    assert "<script>alert(1)" not in page
    assert "</textarea><script>" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


def test_only_its_own_site_may_frame_the_chat_until_others_are_named(browser, desk, settings):
    policy = browser.get("/chat/pay/").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")
    settings.DESKBOOK_CHAT_ORIGINS = ("https://www.example.org",)
    answer = browser.get("/chat/pay/")
    assert answer.headers["Content-Security-Policy"].endswith(
        "frame-ancestors 'self' https://www.example.org"
    )
    assert "X-Frame-Options" not in answer.headers


def test_the_tag_of_other_pages_has_an_address_that_stays(browser, db):
    answer = browser.get("/chat.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert b"data-desk" in answer.content


def test_a_desk_without_a_chat_has_no_such_page(browser, db):
    make_desk("sparkrock")
    assert browser.get("/chat/sparkrock/").status_code == 404
    assert browser.get("/chat/none/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_page_is_light_enough_for_a_slow_line(browser, desk, language):
    weights = on_the_wire(browser, f"/chat/pay/?language={language}")
    assert {"js/chat.js", "js/talk.js"} <= set(weights)
    assert sum(weights.values()) <= 25_000


def test_a_chat_whose_visitor_was_taken_for_another_is_theirs_again_when_the_two_are_taken_apart(
    enter, send, browser, chitra, desk
):
    bala = make_agent(desk, "Bala", role="lead", teams=("office",))
    devi = find_or_make_contact(desk, "pen", "700700", name="Devi", sign_in=False)
    merge = merge_contacts(chitra, devi, at=timezone.now(), by=bala)
    assert enter(**{"asked.name": "Devi"}).json()["chat"]
    send("It was due in May.")
    bala_at_work = Client()
    bala_at_work.force_login(bala.user, "django.contrib.auth.backends.ModelBackend")
    assert bala_at_work.post(f"/console/merges/{merge.pk}/undoing").status_code == 302
    assert send("Still here.", key="2" * 32).status_code == 200
    assert {message.author_contact for message in Message.objects.filter(kind="request")} == {
        chitra
    }
    assert (Ticket.objects.get().requester, ChatSession.objects.get().contact) == (chitra, chitra)
    assert len(hear(browser)["lines"]) == 3
    assert not any(message.mended for message in Message.objects.all())


def test_each_way_a_chat_ends_is_said_and_who_has_no_part_any_more_is_sent_to_a_new_one():
    said = words()
    assert {f"ended_{way}" for way in ChatSession.Ended.values} <= said.keys()
    assert "{who}" not in said["ended_parted"] and "queue" not in said["ended_parted"]


def test_no_visitor_is_promised_an_answer_by_a_way_that_may_not_be_there(browser, db):
    make_desk("pay", BY_NAME)
    page = browser.get("/chat/pay/").content.decode()
    assert "unless the address is somebody’s here already" in page
    for sentence in ("nobody", "ended_visitor"):
        assert "where we can reach you" in words()[sentence]
