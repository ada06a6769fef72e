"""Blows at the parts of the desk of bench.kills: SIGKILL, now and then SIGSTOP; and who starts the
desk again.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

from tests.stories.running_desk import processes

PARTS = {"worker": 5, "web": 3, "mail": 3, "postgres": 3, "keeper": 1, "serve": 2}
"""How often each is struck beside the others: who starts the rest again needs longest to be back.
"""
STOPPED = 0.12
"""The share of blows that only hold a process up for a while."""
AT_WORK = 0.15
"""The share of blows that wait until everything is up: a desk struck only while it starts has
nothing to lose.
"""
ONE_CONNECTION = 0.4
CONNECTION = b"postgres: deskbook"
"""The share of PostgreSQL's blows that hit one of its connections, whose death it answers by
starting all anew.
"""


class Killer:
    """Strikes running parts at moments and in an order nobody chose but the seed."""

    def __init__(self, desk, seed, *, every_s=(0.5, 4.0), longest_stop_s=12.0):
        self.desk, self.dice = desk, random.Random(f"{seed} killer")
        self.every_s, self.longest_stop_s = every_s, longest_stop_s
        self.kills, self.stops, self.ended = Counter(), Counter(), 0
        self._stopped = {}

    def strike_until(self, over, seconds):
        """Kill until `over` says that it is enough, or the time is; every process goes on
        afterwards.
        """
        ends_at = time.monotonic() + seconds
        try:
            while not over() and time.monotonic() < ends_at:
                if self.dice.random() < AT_WORK:
                    self.wait_for(self.desk.at_work, 20)
                self._wait(self.dice.uniform(*self.every_s))
                self._strike()
        finally:
            for pid in list(self._stopped):
                self._let_go_on(pid)

    def wait_for(self, ready, seconds):
        """Let time pass until `ready`, or so many seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not ready():
            time.sleep(0.2)
            self.mind()

    def mind(self):
        """Start the desk again when it has ended, as an init system does; let go on who was held up
        long enough.
        """
        for pid, until in list(self._stopped.items()):
            if time.monotonic() >= until:
                self._let_go_on(pid)
        if self.desk.running("serve") is None:
            self.ended += 1
            self.desk.start()

    def _wait(self, seconds):
        self.wait_for(lambda: False, seconds)

    def _strike(self):
        alive = {part: pid for part in PARTS if (pid := self.desk.running(part))}
        if not alive:
            return
        [part] = self.dice.choices(list(alive), [PARTS[part] for part in alive])
        pid = alive[part]
        with suppress(ProcessLookupError):
            if self.dice.random() < STOPPED and pid not in self._stopped:
                self._hold_up(part, pid)
            else:
                self._kill(part, pid)

    def _hold_up(self, part, pid):
        os.kill(pid, signal.SIGSTOP)
        self._stopped[pid] = time.monotonic() + self.dice.uniform(1, self.longest_stop_s)
        self.stops[part] += 1

    def _kill(self, part, pid):
        if part == "postgres" and self.dice.random() < ONE_CONNECTION:
            serving = [
                p
                for p, parent, command in processes()
                if parent == pid and command[0].startswith(CONNECTION)
            ]
            pid = self.dice.choice(serving or [pid])
        os.kill(pid, signal.SIGKILL)
        self._stopped.pop(pid, None)
        self.kills[part] += 1
        if part == "serve":
            self.desk.process.wait()
            time.sleep(self.dice.uniform(0, 1))

    def _let_go_on(self, pid):
        self._stopped.pop(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
