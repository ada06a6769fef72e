"""Who uses the desk of bench.kills: a mail server of its customers, and agents at the console."""

import random
import re
import threading
import time
from dataclasses import dataclass

import httpx

from bench.kills_sink import GONE
from tests.stories.people_outside import Asha, letter, send_as_servers_do

PATIENCE_S = 240
"""How long a mail server keeps at one mail, and an agent at one page."""


@dataclass(frozen=True)
class Posted:
    """A mail to the desk: `accepted` says that the desk said 250 to it."""

    address: str
    text: str
    reply: bool
    accepted: bool


@dataclass(frozen=True)
class Said:
    """What an agent wrote: `acknowledged` says that the console answered it with a page."""

    address: str
    text: str
    asked: bool
    acknowledged: bool


class Customers(threading.Thread):
    """Writes from many addresses, one mail after the other, and answers some of what the desk
    asks.
    """

    def __init__(self, desk, number, letters, seconds, seed):
        super().__init__(name=f"customers {number}")
        self.desk, self.number, self.dice = (
            desk,
            number,
            random.Random(f"{seed} customers {number}"),
        )
        self.letters, self.seconds = letters, seconds
        self.posted, self.refusals, self._answered = [], 0, set()

    def run(self):
        ends_at, pause = time.monotonic() + self.seconds, self.seconds / max(1, self.letters)
        for n in range(self.letters):
            time.sleep(
                max(0.0, min(self.dice.uniform(0.2, 1.8) * pause, ends_at - time.monotonic()))
            )
            name = f"{GONE if self.dice.random() < 0.15 else ''}person{n}"
            address = f"{name}@place{self.number}.example"
            self._post(
                address,
                letter(address, f"Trouble of {address}", f"It is {address} who writes."),
                reply=False,
            )
            if self.dice.random() < 0.6:
                self._answer_a_question()

    def _answer_a_question(self):
        """Not everybody does: who is silent is reminded, and in the end closed."""
        asked = [taken for taken in list(self.desk.sink.taken) if self._is_a_question(taken)]
        if asked:
            taken = self.dice.choice(asked)
            self._answered.add(taken.recipient)
            reply = letter(
                taken.recipient, "Re: that", f"Reply of {taken.recipient}.", answers=taken.mail
            )
            self._post(taken.recipient, reply, reply=True)

    def _is_a_question(self, taken):
        mine = (
            taken.recipient.endswith(f"@place{self.number}.example")
            and taken.recipient not in self._answered
        )
        return (
            mine
            and not taken.mail["Auto-Submitted"]
            and "Question" in str(taken.mail.get_body(("plain",)))
        )

    def _post(self, address, mail, *, reply):
        try:
            self.refusals += send_as_servers_do(self.desk, mail, address, seconds=PATIENCE_S)
        except OSError:
            # And smtplib's, which are OSErrors: given up, as a mail server does after days.
            accepted = False
        else:
            accepted = True
        self.posted.append(Posted(address, str(mail.get_content()).strip(), reply, accepted))


class Agent(threading.Thread):
    """Answers some cases, asks about others, leaves the rest: those of one residue, so that no two
    are on one case.
    """

    def __init__(self, desk, address, turn, of, seed):
        super().__init__(name=address)
        self.person, self.desk, self.turn, self.of = Asha(desk, address), desk, turn, of
        self.person.patience_s = PATIENCE_S
        self.dice, self.said, self.problems = random.Random(f"{seed} {address}"), [], []
        self.leaving = threading.Event()
        self._seen = set()

    def run(self):
        """Until told to leave, and then until every case that is there was looked at, or comes of a
        mail that the desk took and has not read.
        """
        gives_up_at = None
        while gives_up_at is None or time.monotonic() < gives_up_at:
            unread, cases = self._unread(), self._new_cases()
            for number, subject in cases:
                self._seen.add(number)
                self._work_on(f"NGT-{number}", subject.removeprefix("Trouble of "))
            if not cases and self.leaving.wait(1):
                gives_up_at = (gives_up_at or time.monotonic() + PATIENCE_S) if unread else 0

    def _unread(self):
        """Asked before the cases: what is read in between is among them."""
        [(unread,)] = self.desk.select(
            "select count(*) from deskbook_inboundmail where state = 'new'"
        )
        return unread

    def _new_cases(self):
        rows = self.desk.select(
            "select number, subject from deskbook_ticket where number %% %s = %s order by number",
            self.of,
            self.turn,
        )
        return [row for row in rows if row[0] not in self._seen]

    def _work_on(self, number, address):
        act = self.dice.choices(["answer", "question", ""], [4, 5, 2])[0]
        if not act:
            return
        text = f"{act.capitalize()} for {address}."
        try:
            self.person.answer(number, text, act=act)
        except (AssertionError, httpx.HTTPError) as problem:
            self.problems.append(f"{number} {act}: {re.sub(r'[^!-~]+', ' ', str(problem))[:300]}")
            acknowledged = False
        else:
            acknowledged = True
        self.said.append(Said(address, text, act == "question", acknowledged))
