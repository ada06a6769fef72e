"""Two counters and twenty kiosks at one site for a minute, against a real `deskbook serve`.

    python -m bench.walk_in [--seconds 60] [--kiosks 20] [--counters 2]

Kiosks ask for tokens one after the other, some with the same key twice; half of them lose the line
now and then, with clocks that are wrong by hours, give tokens by themselves and settle them, each
upload sent twice. Counters call, log and serve. Afterwards the database is asked: is every token
there once, was every call in turn? Prints the counts; ends with 1 when anything was lost, doubled
or out of order.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.channels.walk_in.counter_book import ALWAYS
from tests.stories.running_desk import RunningDesk, desk_without_book

KIOSK = "/kiosk/counter/pmu/"
COUNTER = "/console/walk-in/pmu/"
SERVICES = ("salary", "login")
SET_UP = """
from deskbook.server.processes import desk as here
with here():
    import json
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone
    from deskbook.channels.walk_in.devices import add_device, let_in
    from deskbook.channels.walk_in.sites import site_of
    from deskbook.people.agents import invite_agent
    from deskbook.people.contacts import find_or_make_contact
    from deskbook.people.models import HelpDesk
    desk = HelpDesk.objects.get(key="counter")
    site = site_of(desk, "pmu")
    agents = [invite_agent(desk, f"asha{{n}}@desk.example",
        name=f"Asha {{n}}") for n in range({counters})]
    find_or_make_contact(desk, "email", "chitra@office.example", name="Chitra")
    cookies = []
    for n in range({kiosks}):
        _device, code = add_device(site, "kiosk", f"Kiosk {{n}}", prints=False, at=timezone.now(),
            by=agents[0])
        cookies.append(let_in(site, "kiosk", code, at=timezone.now())[1])
    sessions = []
    for agent in agents:
        client = Client()
        client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    ready = {{"cookies": cookies, "sessions": sessions, "desk": desk.pk,
        "name": settings.SESSION_COOKIE_NAME}}
    print(json.dumps(ready))
"""
PROOF = """
from deskbook.server.processes import desk as here
with here():
    import json
    from deskbook.channels.walk_in.models import SiteDay, Token
    from deskbook.channels.walk_in.report import out_of_order
    days = list(SiteDay.objects.filter(desk__key="counter"))
    tokens = Token.objects.filter(day__in=days)
    print(json.dumps({
        "tokens": [
            list(row) for row in tokens.values_list("key", "code", "state", "kiosk_seq", "ticket")
        ],
        "passed by": [[wrong.called, wrong.before] for day in days for wrong in out_of_order(day)],
    }))
"""


@dataclass
class Held:
    """What visitors hold: key → the code they were told. Written by one thread for each kiosk."""

    codes: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)


class Kiosk(threading.Thread):
    """A kiosk as static/js/kiosk.js is one, with a finger on it all the time."""

    def __init__(self, site: str, cookie: tuple[str, str], number: int, until: float) -> None:
        super().__init__()
        self.client = httpx.Client(
            base_url=site,
            cookies=dict([cookie]),
            headers={"X-Kiosk": "1"},
            timeout=60,
            trust_env=False,
        )
        self.number, self.until, self.held = number, until, Held()
        self.chance = random.Random(number)
        self.loses_the_line = number % 2 == 0
        self.ahead = (
            self.chance.choice((0.0, 7_200_000.0, -86_400_000.0)) if self.loses_the_line else 0.0
        )
        self.seq = 0

    def clock(self) -> float:
        return time.time() * 1000 + self.ahead

    def run(self) -> None:
        self.contact([])
        while time.monotonic() < self.until:
            if self.loses_the_line and self.chance.random() < 0.05:
                self.cut_off()
            else:
                self.take()
            time.sleep(self.chance.uniform(0.02, 0.15))

    def take(self) -> None:
        key, service = uuid.uuid4().hex, self.chance.choice(SERVICES)
        began = time.monotonic()
        for _touch in range(2 if self.chance.random() < 0.1 else 1):
            answer = self.client.post(
                KIOSK + "tokens", json={"key": key, "service": service, "language": "ml"}
            )
            assert answer.status_code == 200, answer.text[:300]
            assert self.held.codes.setdefault(key, answer.json()["code"]) == answer.json()["code"]
        self.held.waits.append(time.monotonic() - began)
        self.held.counts["taken"] += 1

    def cut_off(self) -> None:
        """The line is down for a moment: some tokens of its own; the first may have reached the
        server after all.
        """
        given = []
        for n in range(self.chance.randint(1, 4)):
            self.seq += 1
            one = {
                "key": uuid.uuid4().hex,
                "service": self.chance.choice(SERVICES),
                "seq": self.seq,
                "code": f"K{self.number}-{self.seq:02}",
                "clock": self.clock(),
            }
            if n == 0 and self.chance.random() < 0.3:
                self.client.post(
                    KIOSK + "tokens", json={"key": one["key"], "service": one["service"]}
                )
                self.held.counts["answers lost"] += 1
            given.append(one)
            self.held.codes[str(one["key"])] = str(one["code"])
            time.sleep(self.chance.uniform(0.05, 0.4))
        if self.chance.random() < 0.2:
            self.ahead += 3_600_000  # somebody sets its clock
        self.contact(given)
        self.contact(given)
        self.held.counts["cut off"] += 1
        self.held.counts["given while cut off"] += len(given)

    def contact(self, given: list[dict[str, object]]) -> None:
        answer = self.client.post(KIOSK + "contact", json={"clock": self.clock(), "given": given})
        assert answer.status_code == 200, answer.text[:300]
        assert set(answer.json()["settled"]) == {one["key"] for one in given}


class AgentAtCounter(threading.Thread):
    """An agent who calls, logs and serves as fast as the pages come."""

    def __init__(self, site: str, session: tuple[str, str], name: str, until: float) -> None:
        super().__init__()
        self.client = httpx.Client(
            base_url=site,
            cookies=dict([session]),
            timeout=60,
            trust_env=False,
            follow_redirects=True,
        )
        self.name_of_counter, self.until, self.called = name, until, 0

    def run(self) -> None:
        page = self.client.get(COUNTER)
        page = self.act(page, act="sit", counter=self.name_of_counter, services=list(SERVICES))
        while time.monotonic() < self.until:
            page = self.act(page, act="next")
            token = re.search(
                r'name="token" value="(\d+)"[^>]*><button class="button" name="act" value="recall"',
                page.text,
            )
            if not token:
                time.sleep(0.05)
                continue
            self.called += 1
            page = self.act(
                page,
                act="finish",
                token=token[1],
                requester="chitra@office.example",
                text="My pay bill",
                subject="Pay",
            )

    def act(self, page: httpx.Response, **form: object) -> httpx.Response:
        masked = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert masked, page.text[:300]
        answer = self.client.post(COUNTER, data={"csrfmiddlewaretoken": masked[1], **form})
        assert answer.status_code == 200, answer.text[:500]
        return answer


def hammer(desk: RunningDesk, seconds: float, kiosks: int, counters: int) -> dict[str, object]:
    """Returns the counts of a hammered site: what visitors hold, what the database has, what went
    wrong.
    """
    desk.apply("counter", ALWAYS.replace("counters: 2", f"counters: {counters}"))
    ready = json.loads(
        desk.run_python(SET_UP.format(kiosks=kiosks, counters=counters)).splitlines()[-1]
    )
    until = time.monotonic() + seconds
    named = f"kiosk-counter-{ready['desk']}"
    machines = [
        Kiosk(desk.site, (named, cookie), n, until) for n, cookie in enumerate(ready["cookies"], 1)
    ]
    agents = [
        AgentAtCounter(desk.site, (ready["name"], session), str(n), until)
        for n, session in enumerate(ready["sessions"], 1)
    ]
    failures: list[str] = []
    threading.excepthook = lambda failed: failures.append(f"{failed.thread}: {failed.exc_value!r}")
    for thread in (*machines, *agents):
        thread.start()
    for thread in (*machines, *agents):
        thread.join()
        thread.client.close()
    proof = json.loads(desk.run_python(PROOF).splitlines()[-1])
    return _counts(machines, agents, proof, failures)


def _counts(
    machines: list[Kiosk],
    agents: list[AgentAtCounter],
    proof: dict[str, list[list[object]]],
    failures: list[str],
) -> dict[str, object]:
    held = {key: code for machine in machines for key, code in machine.held.codes.items()}
    stored = {str(key): str(code) for key, code, *_rest in proof["tokens"]}
    did: Counter[str] = sum((machine.held.counts for machine in machines), Counter())
    waits = sorted(wait for machine in machines for wait in machine.held.waits)
    served = [row for row in proof["tokens"] if row[2] == "served"]
    tickets = [row[4] for row in proof["tokens"] if row[4]]
    return {
        **did,
        "held by visitors": len(held),
        "stored": len(stored),
        "called": sum(agent.called for agent in agents),
        "served": len(served),
        "median ms to take a token": round(1000 * waits[len(waits) // 2]) if waits else None,
        "lost": sorted(set(held) - set(stored))[:5],
        "not asked for": sorted(set(stored) - set(held))[:5],
        "doubled names": [code for code, n in Counter(stored.values()).items() if n > 1][:5],
        "another name than told": [
            key for key in held if key in stored and held[key] != stored[key]
        ][:5],
        "one ticket for two": [ticket for ticket, n in Counter(tickets).items() if n > 1][:5],
        "out of order": proof["passed by"][:5],
        "failures": failures[:5],
    }


WRONG = (
    "lost",
    "not asked for",
    "doubled names",
    "another name than told",
    "one ticket for two",
    "out of order",
    "failures",
)


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--kiosks", type=int, default=20)
    given.add_argument("--counters", type=int, default=2)
    chosen = given.parse_args()
    with desk_without_book() as desk:
        counts = hammer(desk, chosen.seconds, chosen.kiosks, chosen.counters)
    for name, count in counts.items():
        sys.stdout.write(f"{name}: {count}\n")
    return int(any(counts[name] for name in WRONG))


if __name__ == "__main__":
    sys.exit(main())
