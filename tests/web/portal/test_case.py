"""Following, answering and closing a case."""

from datetime import timedelta
from time import process_time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deskbook.tickets.assignment import categorise_ticket
from deskbook.tickets.conversation import answer_ticket, ask_requester, note_on_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import close_ticket, move_ticket, verify_severity
from tests.campaign import running_campaign
from tests.people_factory import make_agent, make_contact
from tests.web.portal.conftest import signed_in


def at_case(ticket, act=""):
    return f"/desk/sparkrock/cases/{ticket}/{act}"


def shown(cast, ticket, who=None):
    answer = signed_in(who or cast.chitra).get(at_case(ticket))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_case_says_by_when_the_answer_comes(cast):
    page = shown(cast, cast.case(severity="s1"))
    assert "We answer by" in page
    assert "The bank run does not balance" in page


def test_a_desk_that_is_late_says_so(cast):
    page = shown(cast, cast.case(severity="s1", ago=timedelta(days=9)))
    assert "We should have answered by" in page
    assert "and are late" in page


def test_answers_are_read_and_notes_never(cast):
    ticket, now = cast.case(), timezone.now()
    answer_ticket(ticket, Written("Please send the batch number."), at=now, by=cast.asha)
    note_on_ticket(ticket, Written("Chitra pressed it twice again."), at=now, by=cast.asha)
    page = shown(cast, ticket)
    assert "Please send the batch number." in page
    assert "Asha" in page
    assert "pressed it twice" not in page


def test_what_the_desk_waits_for_is_listed_with_the_day_the_case_would_close(cast):
    ticket = cast.case()
    ask_requester(
        ticket,
        Written("Which batch?"),
        ["logs", "the batch number"],
        at=timezone.now(),
        by=cast.asha,
    )
    page = shown(cast, ticket)
    assert "Sparkrock Customer Support waits for" in page
    assert "<li>log files</li><li>the batch number</li>" in page
    assert "If you do not write, the case closes by itself:" in page
    assert "It is your turn" in page


def test_a_case_that_a_freeze_holds_says_until_when_and_what_it_waits_for_while_it_does(db):
    now = timezone.now()
    salama = running_campaign(now)
    asha, chitra = make_agent(salama, "Asha"), make_contact(salama)
    case = NewCase("The app closes", Written("At once."), "portal", facets={"type": "question"})
    ticket = open_ticket(chitra, case, at=now, by=chitra).ticket
    ask_requester(ticket, Written("Which phone?"), ["screen captures"], at=now, by=asha)
    categorise_ticket(ticket, {"type": "app update"}, at=now, by=asha)

    page = signed_in(chitra).get(f"/desk/salama/cases/{ticket}/").content.decode()
    assert "Changes of this kind rest for now. We pick yours up" in page
    assert "<li>screen captures</li>" in page

    categorise_ticket(ticket, {"type": "question"}, at=now, by=asha)
    page = signed_in(chitra).get(f"/desk/salama/cases/{ticket}/").content.decode()
    assert "Changes of this kind rest" not in page
    assert "It is your turn" in page and "<li>screen captures</li>" in page


def test_a_paused_clock_promises_no_time(cast):
    ticket = cast.case(severity="s1")
    stated = {"vendor": "Intuit", "reference": "77"}
    move_ticket(ticket, "waiting for vendor", stated=stated, at=timezone.now(), by=cast.asha)
    page = shown(cast, ticket)
    assert "We wait for somebody outside our desk" in page
    assert "We answer by" not in page


def test_a_severity_that_nobody_said_is_not_put_into_the_requesters_mouth(cast):
    page = shown(cast, cast.case())
    assert "not confirmed yet" in page
    assert "as you said" not in page


def test_a_corrected_severity_shows_both_and_the_reason(cast):
    ticket = cast.case(severity="s1")
    assert "as you said, not confirmed yet" in shown(cast, ticket)
    verify_severity(
        ticket, "s3", reason="There is a workaround: post by hand.", at=timezone.now(), by=cast.asha
    )
    page = shown(cast, ticket)
    for expected in (
        "S3 – Medium",
        "you said S1 – Critical",
        "confirmed by the desk",
        "There is a workaround: post by hand.",
    ):
        assert expected in page


def test_an_answer_with_a_file_reaches_the_case(cast):
    ticket = cast.case()
    sent = {
        "text": "Batch 12.",
        "files": [SimpleUploadedFile("a.txt", b"12")],
        "client_key": "c" * 32,
    }
    signed_in(cast.chitra).post(at_case(ticket, "answer/"), sent)
    message = Message.objects.latest("pk")
    assert (message.text, message.channel, message.author_contact) == (
        "Batch 12.",
        "portal",
        cast.chitra,
    )
    assert Attachment.objects.get().message == message
    assert Ticket.objects.get().stage == "updated by customer"


def test_the_same_answer_sent_twice_is_one_message(cast):
    ticket, client = cast.case(), signed_in(cast.chitra)
    for _ in range(2):
        client.post(at_case(ticket, "answer/"), {"text": "Batch 12.", "client_key": "c" * 32})
    assert Message.objects.filter(text="Batch 12.").count() == 1


def test_other_words_from_a_page_one_went_back_to_are_kept_too(cast):
    ticket, client = cast.case(), signed_in(cast.chitra)
    for text in ("Batch 12.", "Batch 13, sorry."):
        client.post(at_case(ticket, "answer/"), {"text": text, "client_key": "c" * 32})
    assert Message.objects.filter(text__startswith="Batch").count() == 2


def test_an_empty_answer_is_asked_for_and_one_too_long_is_kept(cast):
    ticket, client = cast.case(), signed_in(cast.chitra)
    empty = client.post(at_case(ticket, "answer/"), {"text": "  "})
    assert (empty.status_code, "Write something, or add a file." in empty.content.decode()) == (
        422,
        True,
    )
    long = client.post(at_case(ticket, "answer/"), {"text": "y" * 60_000})
    assert "This has 60000 characters; at most 50000 fit." in long.content.decode()
    assert "y" * 50_000 in client.get(at_case(ticket)).content.decode()


def test_closing_asks_first_and_writing_opens_the_case_again(cast):
    ticket, client = cast.case(), signed_in(cast.chitra)
    assert "Close this case?" in client.get(at_case(ticket, "close/")).content.decode()
    assert Ticket.objects.get().is_open
    closed = client.post(
        at_case(ticket, "close/"), {"client_key": "d" * 32}, follow=True
    ).content.decode()
    assert f"{ticket} is closed. Thank you." in closed
    assert "If it is not solved, write below and it opens again." in closed
    client.post(at_case(ticket, "answer/"), {"text": "It is back.", "client_key": "e" * 32})
    assert Ticket.objects.get().is_open


def test_closing_a_closed_case_says_so(cast):
    ticket = cast.case()
    close_ticket(ticket, at=timezone.now(), by=cast.chitra)
    answer = signed_in(cast.chitra).post(at_case(ticket, "close/"), {})
    assert (answer.status_code, "This case is closed already." in answer.content.decode()) == (
        409,
        True,
    )


def test_a_reader_of_the_organisation_reads_and_neither_writes_nor_closes(cast):
    ticket, dev = cast.case(), signed_in(cast.dev)
    page = shown(cast, ticket, cast.dev)
    assert "You can read this case." in page
    assert "<textarea" not in page
    assert dev.post(at_case(ticket, "answer/"), {"text": "me too"}).status_code == 404
    refused = dev.post(at_case(ticket, "close/"))
    assert (refused.status_code, "Ask one of them: Chitra." in refused.content.decode()) == (
        403,
        True,
    )
    assert Message.objects.count() == 1
    assert Ticket.objects.get().is_open


def test_a_damaged_link_to_earlier_messages_shows_the_latest(cast):
    ticket = cast.case()
    assert signed_in(cast.chitra).get(at_case(ticket), {"before": "9" * 5000}).status_code == 200


def test_a_long_case_shows_its_latest_messages_and_a_way_to_the_earlier(
    cast, django_assert_max_num_queries
):
    ticket = cast.case()
    for n in range(45):
        answer_ticket(
            ticket,
            Written(f"news {n}.", files=(File("f.txt", "text/plain", b"x"),)),
            at=timezone.now(),
            by=cast.asha,
        )
    client = signed_in(cast.chitra)
    with django_assert_max_num_queries(12):
        page = client.get(at_case(ticket)).content.decode()
    assert "news 44." in page
    assert "Totals differ" not in page
    first = page.split('href="?before=')[1].split('"')[0]
    assert "Totals differ" in client.get(f"{at_case(ticket)}?before={first}").content.decode()


def test_a_long_message_is_cut_on_the_page_and_whole_at_its_own_address(cast):
    ticket = cast.case()
    answer_ticket(ticket, Written("word " * 30_000 + "ends"), at=timezone.now(), by=cast.asha)
    page = shown(cast, ticket)
    assert len(page) < 60_000
    link = page.split('<a href="/messages/')[1].split('"')[0]
    assert signed_in(cast.chitra).get(f"/messages/{link}").content.decode().endswith("word ends")


def test_html_without_words_of_its_own_is_read_apart_from_the_pages_and_for_so_long(cast):
    ticket = cast.case()
    answer_ticket(
        ticket, Written("", html="<b>" * 200_000 + "at last"), at=timezone.now(), by=cast.asha
    )
    answer, client = Message.objects.get(kind="answer"), signed_in(cast.chitra)
    Message.objects.filter(pk=answer.pk).update(text="")
    began = process_time()
    assert client.get(f"/messages/{answer.pk}").content.decode().strip() == "at last"
    assert process_time() - began < 0.5
    Message.objects.filter(pk=answer.pk).update(html="<b>" * 2_000_000)
    assert (
        client.get(f"/messages/{answer.pk}").content.decode()
        == "This message cannot be shown as text."
    )


def test_a_note_has_no_address_for_requesters(cast):
    ticket = cast.case()
    note_on_ticket(ticket, Written("between us"), at=timezone.now(), by=cast.asha)
    note = Message.objects.get(kind="note")
    assert signed_in(cast.chitra).get(f"/messages/{note.pk}").status_code == 404


def test_who_may_only_read_is_not_sent_from_an_article_to_a_form_that_refuses_them(cast):
    reader = signed_in(cast.dev)
    assert reader.get("/desk/sparkrock/cases/new/").status_code == 403
    assert "Open a case" not in reader.get("/desk/sparkrock/articles/?q=none").content.decode()
    named = signed_in(cast.chitra)
    assert "Open a case" in named.get("/desk/sparkrock/articles/?q=none").content.decode()
