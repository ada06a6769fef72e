"""What each measured act costs in this process, without HTTP: statements, calls of Python and of
built-in functions, bytes, and the least CPU time of some rounds.

    DESKBOOK_DATA=… python -m bench.counts [--act "one ticket"] [--profile]
"""

import argparse
import cProfile
import pstats
import random
import sys
import time
import uuid
from urllib.parse import urlencode

from bench.dataset import data_set
from bench.load import samples

ROUNDS = 30


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--act")
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    with data_set() as url:
        ask = _asking(samples(url))
        for act in [arguments.act] if arguments.act else list(ask):
            for _ in range(5):
                ask[act]()
            _say(act, ask[act])
            if arguments.profile:
                _profile(ask[act])


def _asking(given):
    from django.core.management import call_command
    from django.db.models import Count
    from django.test import Client

    from deskbook.people.models import Agent
    from deskbook.tickets.models import Ticket

    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(
        Agent.objects.order_by("pk").first().user, "django.contrib.auth.backends.ModelBackend"
    )
    with_ten = Ticket.objects.annotate(n=Count("messages")).filter(n=10, is_open=True)
    number, rng = str(with_ten.order_by("pk").first()), random.Random(1)

    def reply():
        fields = {"act": "answer", "text": "We have found the cause.", "last_seen": "999999"}
        where = f"/console/tickets/{rng.choice(given['answerable'])}/writing"
        return client.post(where, fields | {"client_key": uuid.uuid4().hex})

    def create():
        fields = {
            "requester": rng.choice(given["addresses"]),
            "subject": "The export of the grant list stops",
            "text": "It stops at line 12.",
            "channel": "phone",
            "severity": "s3",
            "facet.type": "issue",
            "client_key": uuid.uuid4().hex,
        }
        form = urlencode({**fields}), "application/x-www-form-urlencoded"
        return client.post("/console/tickets/new", *form)

    return {
        "list": lambda: client.get("/console/?queue=open"),
        "one ticket": lambda: client.get(f"/console/tickets/{number}"),
        "search, rare word": lambda: client.get(f"/console/search?q={rng.choice(given['rare'])}"),
        "search, common word": lambda: client.get("/console/search?q=payroll"),
        "create": create,
        "reply": reply,
    }


def _say(act, ask):
    from django.db import connection

    asked = []

    def noted(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        answer = ask()
    calls = _calls_of(ask)
    cpu = []
    for _ in range(ROUNDS):
        began = time.process_time()
        ask()
        cpu.append(time.process_time() - began)
    sys.stdout.write(
        f"{act:<20} {answer.status_code}: {len(asked)} statements, {calls:,} calls,"
        f" {len(answer.content):,} bytes, {1000 * min(cpu):.1f} ms\n"
    )


def _calls_of(ask):
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(None)
    return calls


def _profile(ask):
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(ROUNDS):
        ask()
    profile.disable()
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumtime").print_stats(70)


if __name__ == "__main__":
    main()
