"""The main job from outside: mail in, answer out, on time; and nothing lost or said twice whatever dies meanwhile."""

import json
import logging
import random
import re
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.stories.mail_sink import words_of
from tests.stories.people_outside import Asha, letter, send, send_as_servers_do, send_with_swaks
from tests.stories.running_desk import patiently, running_desk

SENDERS, MAILS_EACH, ANSWERED, ASKED = 4, 10, 12, 4


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
    return number_of(patiently(lambda: acknowledgements(desk, sender), f"the acknowledgement of {subject}")[-1])


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
    mail = letter("chitra@school.example", "The bell rings", "Since noon.", files=[("bell.wav", b"ding")])
    send_with_swaks(desk, mail, "chitra@school.example")
    taken = time.monotonic()
    patiently(lambda: asha.sees("The bell rings"), "the ticket in the console")
    told(f"from 250 to the console: {time.monotonic() - taken:.2f} s")
    number = number_of(patiently(lambda: acknowledgements(desk, "chitra@school.example"), "an acknowledgement")[-1])
    page = asha.read(number)
    assert "Since noon." in page.text
    assert "bell.wav" in page.text
    due = [at for at in instants(page) if before + timedelta(minutes=59) < at < datetime.now(UTC) + timedelta(hours=1)]
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
        "dev@school.example", "Re: lamp", f"It is now.{quote}", to=arrived["Reply-To"].addresses[0].addr_spec
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
    send(desk, letter("farah@school.example", "Re: tap", "The left one.", answers=question), "farah@school.example")
    patiently(lambda: "The left one." in asha.read(awake).text, "the answer on the ticket")
    noticed = "auto-generated"
    patiently(
        lambda: len(desk.sink.mails("eshan@school.example", Auto_Submitted=noticed)) >= 3, "two reminders, an end"
    )
    first, second, last = desk.sink.mails("eshan@school.example", Auto_Submitted=noticed)
    assert all("We are waiting for your answer" in words_of(mail) for mail in (first, second))
    assert "is closed now" in words_of(last)
    assert asha.sees(silent, "/console/?queue=closed")
    # Farah may have had her first reminder before her answer was in, but no more, and her case stays open.
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
    told(f"a killed worker's mail left again after {time.monotonic() - killed:.1f} s, with the same Message-ID")
    assert len(ids(answers(desk, "gita@school.example"))) == 1


class Customers(threading.Thread):
    """A mail server of customers: sends its mails one after the other and does not give up on any."""

    def __init__(self, desk, number):
        super().__init__(name=f"sender {number}")
        self.desk, self.dice = desk, random.Random(number)
        self.addresses = [f"person{n}@place{number}.example" for n in range(MAILS_EACH)]
        self.failures = 0

    def run(self):
        for address in self.addresses:
            mail = letter(address, f"Trouble of {address}", f"It is {address} who writes.")
            self.failures += send_as_servers_do(self.desk, mail, address)
            time.sleep(self.dice.uniform(0.1, 1.2))


class Answering(threading.Thread):
    """Asha at work while things die: answers some, asks others."""

    def __init__(self, desk, asha, addresses):
        super().__init__(name="Asha")
        self.desk, self.asha, self.addresses = desk, asha, addresses
        self.failure = None

    def run(self):
        try:
            for n, address in enumerate(self.addresses):
                told = patiently(lambda address=address: acknowledgements(self.desk, address), address, seconds=80)
                say = self.asha.ask if n < ASKED else self.asha.answer
                say(number_of(told[0]), f"Words for {address}.")
        except BaseException as failure:
            self.failure = failure


def kill_everything(desk, dice):
    """Each kind of process once, at moments nobody chose."""
    for victim in ("worker", "mail", "web", "postgres", "serve"):
        time.sleep(dice.uniform(0.8, 2.0))
        desk.kill(victim)
        if victim == "serve":
            time.sleep(dice.uniform(0, 1))
            desk.start()


def quiet(desk):
    """Whether every mail was read and everything that follows from it has left."""
    (waiting,) = desk.select(
        "select (select count(*) from deskbook_inboundmail where state = 'new')"
        " + (select count(*) from deskbook_outboundmail where state = 'queued')"
        " + (select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
        "    and task_name <> 'fold')"
        " + (select count(*) from deskbook_ticket where stage = 'waiting')"
    )
    return waiting[0] == 0


def test_nothing_is_lost_or_said_twice_whatever_is_killed(desk, asha):
    began, seed = time.monotonic(), random.randrange(10_000)
    senders = [Customers(desk, number) for number in range(SENDERS)]
    everybody = [address for sender in senders for address in sender.addresses]
    early = [address for row in zip(*(s.addresses for s in senders), strict=True) for address in row]
    answering = Answering(desk, asha, early[: ANSWERED + ASKED])
    for thread in (*senders, answering):
        thread.start()
    kill_everything(desk, random.Random(seed))
    for thread in (*senders, answering):
        thread.join(120)
    assert answering.failure is None, answering.failure
    desk.wait_until_up()
    settled = time.monotonic()
    patiently(lambda: quiet(desk), f"quiet after the kills, dice {seed}\n{desk.words()}")
    now = time.monotonic()
    told(
        f"dice {seed}: {len(everybody)} mails, {sum(s.failures for s in senders)} refused and sent again,"
        f" {asha.retries} pages asked for again; {settled - began:.1f} s at work, quiet {now - settled:.1f} s later"
    )
    every_mail_is_one_ticket(desk, everybody)
    everything_said_arrived_once(desk, answering.addresses, everybody)
    told(desk.run("verify").strip())


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
def test_who_gets_a_part_to_run_sql_can_neither_change_the_log_nor_leave_the_database(desk, statement):
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


def every_mail_is_one_ticket(desk, everybody):
    tickets = desk.select("select subject, count(*) from deskbook_ticket where subject like 'Trouble of%%' group by 1")
    assert dict(tickets) == {f"Trouble of {address}": 1 for address in everybody}
    messages = desk.select("select text, count(*) from deskbook_message where text like 'It is person%%' group by 1")
    assert {text.strip(): n for text, n in messages} == {f"It is {address} who writes.": 1 for address in everybody}
    assert desk.select("select count(*) from deskbook_inboundmail where state <> 'done'") == [(0,)]


def everything_said_arrived_once(desk, answered, everybody):
    sent = Counter(desk.sink.ids())
    expected = {mail_id for (mail_id,) in desk.select("select mail_id from deskbook_outboundmail")}
    repeats = {mail_id: n for mail_id, n in sent.items() if n > 1}
    told(f"{len(sent)} Message-IDs left, {sum(repeats.values()) - len(repeats)} of them again (decision 0006)")
    assert set(sent) == expected
    # What the log says was done, and the mail of it: one for one.
    for kind, purpose in {"Acknowledged": "acknowledgement", "Answered": "answer", "ReminderDue": "reminder"}.items():
        done = desk.select(
            "select id from deskbook_logentry where kind = %s and coalesce(data->>'told', 'true') = 'true'", kind
        )
        mailed = desk.select(
            "select entry_id from deskbook_outboundmail where purpose = %s and state = 'sent'", purpose
        )
        assert sorted(done) == sorted(mailed), kind
    assert {a: len(ids(acknowledgements(desk, a))) for a in everybody} == dict.fromkeys(everybody, 1)
    spoken = {a: len(ids(answers(desk, a))) for a in everybody}
    assert spoken == {a: int(a in answered) for a in everybody}


def three(mails):
    return mails if len(mails) >= 3 else None


def ids(mails):
    return {str(mail["Message-ID"]) for mail in mails}
