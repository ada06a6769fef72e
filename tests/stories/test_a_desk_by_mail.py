"""The main job from outside: mail in, answer out, on time."""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.stories.mail_sink import words_of
from tests.stories.people_outside import Asha, letter, send, send_with_swaks
from tests.stories.running_desk import patiently, running_desk


@pytest.fixture(scope="module")
def desk():
    for talkative in ("mail.log", "httpx"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    with running_desk() as desk:
        yield desk


@pytest.fixture(scope="module")
def asha(desk):
    asha = Asha(desk)
    asha.sign_in()
    yield asha
    asha.browser.close()


def told(words):
    """Measurements are printed (`pytest -s`), never asserted tightly: the machine may be busy."""
    sys.stdout.write(f"\n{words}\n")


def opened(desk, asha, sender, subject, text="It hums and does nothing.", **more):
    """Send a mail and return the number its acknowledgement tells."""
    send(desk, letter(sender, subject, text, **more), sender)
    return number_of(
        patiently(lambda: acknowledgements(desk, sender), f"the acknowledgement of {subject}")[-1]
    )


def acknowledgements(desk, address):
    return desk.sink.mails(address, Auto_Submitted="auto-replied")


def answers(desk, address):
    return [mail for mail in desk.sink.mails(address) if not mail["Auto-Submitted"]]


def number_of(mail):
    return re.search(r"\[(NGT-\d+)\]", mail["Subject"])[1]


def instants(page):
    return [datetime.fromisoformat(found) for found in re.findall(r'datetime="([^"]+)"', page.text)]


def test_a_mail_is_a_ticket_in_the_console_with_its_clocks(desk, asha):
    before = datetime.now(UTC)
    mail = letter(
        "chitra@school.example", "The bell rings", "Since noon.", files=[("bell.wav", b"ding")]
    )
    send_with_swaks(desk, mail, "chitra@school.example")
    taken = time.monotonic()
    patiently(lambda: asha.sees("The bell rings"), "the ticket in the console")
    told(f"from 250 to the console: {time.monotonic() - taken:.2f} s")
    number = number_of(
        patiently(lambda: acknowledgements(desk, "chitra@school.example"), "an acknowledgement")[-1]
    )
    page = asha.read(number)
    assert "Since noon." in page.text
    assert "bell.wav" in page.text
    due = [
        at
        for at in instants(page)
        if before + timedelta(minutes=59) < at < datetime.now(UTC) + timedelta(hours=1)
    ]
    assert due, "nothing is due within the hour the book gives for a response"


def test_the_answer_arrives_and_replies_to_it_land_on_its_ticket(desk, asha):
    number = opened(desk, asha, "dev@school.example", "The lamp is dark")
    asha.answer(number, "Is it plugged in?")
    arrived = patiently(lambda: answers(desk, "dev@school.example"), "the answer by mail")[-1]
    assert "Is it plugged in?" in words_of(arrived)
    assert str(arrived["Message-ID"]) in str(arrived["References"])
    assert str(arrived["Reply-To"].addresses[0].addr_spec).startswith("help+t.")
    quoted = "".join(f"> {line}\n" for line in words_of(arrived).splitlines())
    quote = f"\n\nOn Mon, 2 Mar 2026 at 09:58, Night Desk <help@night.example> wrote:\n{quoted}"
    by_address = letter(
        "dev@school.example",
        "Re: lamp",
        f"It is now.{quote}",
        to=arrived["Reply-To"].addresses[0].addr_spec,
    )
    by_thread = letter("dev@school.example", "Antw: lamp", f"Dark again.{quote}", answers=arrived)
    for mail, words in ((by_address, "It is now."), (by_thread, "Dark again.")):
        send(desk, mail, "dev@school.example")
        patiently(lambda words=words: words in asha.read(number).text, f"{words} on {number}")
    kept = desk.select(
        "select text, quoted from deskbook_message m join deskbook_ticket t on t.id = m.ticket_id"
        " where m.kind = 'request' and t.subject = 'The lamp is dark' order by m.id"
    )
    assert [text for text, _ in kept] == ["It hums and does nothing.", "It is now.", "Dark again."]
    assert all("> Is it plugged in?" in quoted for _, quoted in kept[1:])
    assert len(acknowledgements(desk, "dev@school.example")) == 1


def test_the_ladder_reminds_twice_and_closes_unless_an_answer_comes(desk, asha):
    silent = opened(desk, asha, "eshan@school.example", "The door sticks")
    awake = opened(desk, asha, "farah@school.example", "The tap drips")
    asha.ask(silent, "Which door?")
    asha.ask(awake, "Which tap?")
    question = patiently(lambda: answers(desk, "farah@school.example"), "the question by mail")[-1]
    send(
        desk,
        letter("farah@school.example", "Re: tap", "The left one.", answers=question),
        "farah@school.example",
    )
    patiently(lambda: "The left one." in asha.read(awake).text, "the answer on the ticket")
    noticed = "auto-generated"
    patiently(
        lambda: len(desk.sink.mails("eshan@school.example", Auto_Submitted=noticed)) >= 3,
        "two reminders, an end",
    )
    first, second, last = desk.sink.mails("eshan@school.example", Auto_Submitted=noticed)
    assert all("We are waiting for your answer" in words_of(mail) for mail in (first, second))
    assert "is closed now" in words_of(last)
    assert asha.sees(silent, "/console/?queue=closed")
    # Farah may have had her first reminder before her answer was in, but no more, and her case
    # stays open.
    assert len(desk.sink.mails("farah@school.example", Auto_Submitted=noticed)) <= 1
    assert asha.sees(awake)


def test_what_a_killed_worker_had_in_hand_is_done_by_the_next(desk, asha):
    number = opened(desk, asha, "gita@school.example", "The fan rattles")
    with desk.sink.silent():  # it takes the mail, and the worker dies before it is told so
        asha.answer(number, "Turn it off.")
        patiently(lambda: answers(desk, "gita@school.example"), "the answer by mail")
        killed = time.monotonic()
        desk.kill("worker")
    patiently(lambda: len(answers(desk, "gita@school.example")) >= 2, "the answer again")
    told(
        f"a killed worker's mail left again after {time.monotonic() - killed:.1f} s, with the same"
        " Message-ID"
    )
    assert len(ids(answers(desk, "gita@school.example"))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update deskbook_logentry set actor = 'system'",
        "delete from deskbook_logentry",
        "truncate deskbook_logentry cascade",
        "drop trigger log_is_append_only on deskbook_logentry",
        "alter table deskbook_logentry disable trigger all",
        "set session_replication_role = replica",
        "set role deskbook",
        "copy (select 1) to program 'true'",
        "select pg_read_file('/etc/passwd')",
    ],
)
def test_who_gets_a_part_to_run_sql_can_neither_change_the_log_nor_leave_the_database(
    desk, statement
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.select(statement, role="desk")


def test_every_line_of_the_log_is_one_of_json_whoever_wrote_it(desk):
    lines = (desk.data / "serve.log").read_text(errors="replace").splitlines()
    assert lines
    assert [line for line in lines if not is_json(line)] == []


def is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def ids(mails):
    return {str(mail["Message-ID"]) for mail in mails}
