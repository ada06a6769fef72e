"""Ends the primary of two PostgreSQL servers under a desk at work; then counts what became of it.

    python -m bench.failover [--letters 120] [--minutes 2] [--noticed 5]

Customers write by SMTP and agents answer at the console, as in bench.kills. Half way through, the
primary and all its processes get SIGKILL; so many seconds later the synchronous standby is
promoted. Nothing of the desk is started again by anybody but itself. Everything stays on 127.0.0.1.
"""

import argparse
import logging
import os
import sys
import time
from dataclasses import dataclass
from threading import Thread

from bench.kills import Found, Run, calmed, opened, working
from bench.kills_count import Line, counted
from bench.kills_killer import Killer
from bench.kills_people import Customers
from bench.kills_sink import MoodySink
from bench.server_pair import DeskOnAPair, server_pair
from tests.stories.running_desk import BOOK, desk_without_book, patiently

WRITERS = 3


@dataclass(frozen=True)
class Failover(Run):
    """How much is done, and how late it is noticed that the primary is gone."""

    noticed_s: float = 5.0

    @property
    def book(self):
        return BOOK.read_text()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=120)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--noticed", type=float, default=5.0, help="seconds until the promotion")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found = fail_over(
        Failover(chosen.seed, 0, chosen.letters, chosen.minutes * 60, noticed_s=chosen.noticed)
    )
    sys.stdout.write(f"{found}\n")
    sys.exit(1 if found.wrong else 0)


def fail_over(run):
    """Let a desk work on a pair that loses its primary; return what was found."""
    for talkative in ("mail.log", "httpx", "asyncio"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    sink = MoodySink(run.seed, run.slow_s)
    with server_pair() as pair:
        settings = {"DATABASE_URL": pair.url, "DESKBOOK_SECRET_KEY": os.urandom(32).hex()}
        with desk_without_book(settings, sink=sink, of=DeskOnAPair) as desk:
            return _counted(run, pair, desk)


def _counted(run, pair, desk):
    desk.patience_s = 120
    agents = opened(desk, run)
    customers = [
        Customers(desk, n, run.letters // WRITERS, run.seconds, run.seed) for n in range(WRITERS)
    ]
    watch, away = Killer(desk, run.seed), []
    change = Thread(target=lambda: away.append(_changed(run, pair, desk, agents[0])))
    with working(customers, agents, watch):
        change.start()
    change.join()
    left = calmed(desk, agents[1].person, watch, run.calm_s)
    posted = [mail for writer in customers for mail in writer.posted]
    said = [words for agent in agents for words in agent.said]
    lines = counted(desk, posted, said, left)
    lines.append(Line("started again by somebody else", lost=["the desk ended"] * watch.ended))
    remarks = [_verified(desk), *_told(away, desk, agents, customers)]
    for agent in agents:
        agent.person.browser.close()
    return Found(lines, remarks)


def _changed(run, pair, desk, agent):
    """Return the seconds from the end of the primary to its successor, and to the first page."""
    time.sleep(run.seconds / 2)
    assert pair.is_in_step()
    began = time.monotonic()
    pair.lose_the_primary()
    time.sleep(run.noticed_s)
    pair.promote()
    promoted = time.monotonic() - began
    patiently(lambda: _shows_a_page(agent), "a page", seconds=60)
    return promoted, time.monotonic() - began


def _shows_a_page(agent):
    page = agent.person.browser.get("/console/?queue=open")
    return page.status_code == 200 and page.url.path == "/console/"


def _verified(desk):
    return desk.run("verify").strip().splitlines()[-1]


def _told(away, desk, agents, customers):
    [(promoted, shown)] = away
    problems = [problem for agent in agents for problem in agent.problems]
    ids = desk.sink.ids()
    return [
        (
            f"promoted {promoted:.1f} s after the primary ended, first page after {shown:.1f} s;"
            f" {sum(writer.refusals for writer in customers)} mails were not taken at first,"
            f" {sum(agent.person.retries for agent in agents)} pages asked for again,"
            f" {len(problems)} acts given up"
        ),
        *(f"    {problem}" for problem in problems[:10]),
        f"{len(ids)} mails left, {len(ids) - len(set(ids))} of them a second time",
    ]


if __name__ == "__main__":
    main()
