"""Kills parts of a desk at random while mail comes, answers go and reminders fall due; then counts
what became of it.

    python -m bench.kills [--kills 200] [--seed 1] [--letters 240] [--minutes 15]

Starts `deskbook serve` in a folder of its own, with a book whose ladder takes seconds, and a mail
server that is slow, refuses, hangs up in the middle and asks for a new password, as its mood goes.
Customers write by SMTP and try again as mail servers do; two agents answer at the console. When
enough has been killed everything may calm down, and each mail and each answer is looked for in the
log, on its ticket and at the mail server. Everything stays on 127.0.0.1.
"""

import argparse
import logging
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass

from bench.kills_count import NOT_ON_THE_CLOCK, again, counted
from bench.kills_killer import Killer
from bench.kills_people import Agent, Customers
from bench.kills_sink import MoodySink
from tests.stories.running_desk import BOOK, desk_without_book

AGENTS = ("asha@night.example", "bala@night.example")
WRITERS = 3
LADDER = "remind: [3s, 6s], close: 9s"


@dataclass(frozen=True)
class Run:
    """How much is done, and how long it may take at most."""

    seed: int
    kills: int
    """At least so many: it is killed for as long as customers write."""
    letters: int
    seconds: float
    """Customers write for so long; killing ends after twice as long, come what may."""
    slow_s: tuple[float, float] = (5.0, 20.0)
    calm_s: float = 600.0
    closes_s: int = 60
    """How long after the last question its silence closes a case; all is done only then."""

    @property
    def book(self):
        return BOOK.read_text().replace(LADDER, f"remind: [8s, 16s], close: {self.closes_s}s")


@dataclass
class Found:
    """What is printed, and whether all of it is as it should be."""

    lines: list
    remarks: list[str]

    @property
    def wrong(self):
        return sum(line.wrong for line in self.lines)

    def __str__(self):
        return "\n".join([*map(str, self.lines), *self.remarks])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--letters", type=int, default=240)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--keep-log", help="copy what the desk printed to this file")
    chosen = parser.parse_args()
    found = kill_at_random(
        Run(chosen.seed, chosen.kills, chosen.letters, chosen.minutes * 60),
        keep_log=chosen.keep_log,
    )
    sys.stdout.write(f"{found}\n")
    sys.exit(1 if found.wrong else 0)


def kill_at_random(run, keep_log=None):
    """Start a desk, let it work and be killed, wait until it has done its work; return what was
    found.
    """
    for talkative in ("mail.log", "httpx", "asyncio"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    os.environ.pop("DATABASE_URL", None)
    sink = MoodySink(run.seed, run.slow_s)
    with desk_without_book(sink=sink) as desk:
        desk.patience_s = 180
        agents = opened(desk, run)
        customers = [
            Customers(desk, n, run.letters // WRITERS, run.seconds, run.seed)
            for n in range(WRITERS)
        ]
        killer = Killer(desk, run.seed)
        began = time.monotonic()
        with sink.moody(), working(customers, agents, killer):
            killer.strike_until(lambda: _enough(run, killer, customers, agents), 2 * run.seconds)
        struck = time.monotonic()
        left = calmed(desk, agents[1].person, killer, run.calm_s)
        calm = time.monotonic()
        posted = [mail for writer in customers for mail in writer.posted]
        said = [words for agent in agents for words in agent.said]
        lines = counted(desk, posted, said, left)
        if keep_log:
            with open(keep_log, "w") as log:
                log.write((desk.data / "serve.log").read_text(errors="replace"))
        remarks = remarked(desk, customers, agents, killer)
        remarks.append(
            f"{struck - began:.0f} s of kills, {calm - struck:.0f} s until"
            f" {'given up' if left else 'all was done'}; seed {run.seed}; load of the machine"
            f" {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        for agent in agents:
            agent.person.browser.close()
        return Found(lines, remarks)


def _enough(run, killer, customers, agents):
    """Whether enough is dead and everybody has done their work; agents go home after the last
    customer.
    """
    if any(writer.is_alive() for writer in customers):
        return False
    for agent in agents:
        agent.leaving.set()
    return killer.kills.total() >= run.kills and not any(agent.is_alive() for agent in agents)


def opened(desk, run):
    """Put the book into force and return the agents, signed in."""
    desk.apply("night", run.book)
    desk.run_all([["invite", agent, "--desk", "night", "--role", "lead"] for agent in AGENTS])
    agents = [
        Agent(desk, address, turn, len(AGENTS), run.seed) for turn, address in enumerate(AGENTS)
    ]
    for agent in agents:
        agent.person.sign_in()
    return agents


@contextmanager
def working(customers, agents, killer):
    """Let people work while the context lasts, and until the customers have written all they want
    to.
    """
    for thread in (*customers, *agents):
        thread.start()
    try:
        yield
    finally:
        _join(customers, killer)
        for agent in agents:
            agent.leaving.set()
        _join(agents, killer)


def _join(threads, killer):
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        killer.mind()


def calmed(desk, lead, killer, seconds):
    """Wait until there is nothing left to do; return what there still is when that takes too long.

    A lead says once that the mail server is well again; the clock of jobs that wait for their next
    try is put forward.
    """
    ends_at = time.monotonic() + seconds
    killer.wait_for(desk.at_work, seconds)
    lead.press("/console/left-over/waiting/trying", "/console/left-over/")
    while (left := _left(desk)) and time.monotonic() < ends_at:
        desk.select(
            "update procrastinate_jobs set scheduled_at = null where status = 'todo' and"
            f" scheduled_at > now() and {NOT_ON_THE_CLOCK} returning id"
        )
        killer.wait_for(lambda: False, 1)
    return left


def _left(desk):
    """Return how much of each kind is not done yet."""
    [row] = desk.select(
        "select (select count(*) from deskbook_inboundmail where state = 'new'),"
        " (select count(*) from deskbook_outboundmail where state in ('queued', 'sending')),"
        " (select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
        f"   and {NOT_ON_THE_CLOCK} and task_name <> 'deliver_mail'),"
        " (select count(*) from deskbook_ticket where stage = 'waiting')"
    )
    names = ("mails to read", "mails to send", "jobs", "cases that wait")
    return ", ".join(f"{n} {name}" for n, name in zip(row, names, strict=True) if n)


def remarked(desk, customers, agents, killer):
    """Return what is told beside the count."""
    moods = ", ".join(f"{mood} {n}" for mood, n in sorted(desk.sink.moods.items()))
    problems = [problem for agent in agents for problem in agent.problems]
    return [
        f"kills {killer.kills.total()}: "
        + ", ".join(f"{part} {n}" for part, n in sorted(killer.kills.items())),
        f"held up {killer.stops.total()}: "
        + ", ".join(f"{part} {n}" for part, n in sorted(killer.stops.items())),
        (
            f"the desk was started again {killer.ended} times; {sum(c.refusals for c in customers)}"
            f" mails were not taken at first, {sum(a.person.retries for a in agents)} pages asked"
            f" for again, {len(problems)} acts given up"
        ),
        *(f"    {problem}" for problem in problems[:10]),
        (
            f"{again(desk)} copies arrived again under the same Message-ID (decision 0006); moods"
            f" met: {moods}"
        ),
    ]


if __name__ == "__main__":
    main()
