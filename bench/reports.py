"""How long each report, a lead's morning and a wallboard take at the server.

    DESKBOOK_DATA=/srv/bench python -m bench.reports

asks each of them, over a year, of a data set of bench.dataset through Django's own client, five
times, and prints the quickest with its statements.
"""

import os
import sys
import time

from bench.dataset import data_set

TIMES = 5
YEAR = "first=2025-12-01&last=2026-11-30"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
    with data_set():
        from deskbook.people.wallboards import add_wallboard
        from deskbook.reports.all import REPORTS

        agent, client = _owner()
        from django.utils import timezone

        _board, secret = add_wallboard(agent.desk, "Bench", at=timezone.now(), by=agent)
        sys.stdout.write(f"load {os.getloadavg()[0]:.1f}\n")
        for key in REPORTS:
            _timed(client, key, f"/console/reports/{key}/?{YEAR}")
        _timed(client, "places by owner", f"/console/reports/places/?by=agent&{YEAR}")
        _timed(client, "morning", "/console/morning/")
        _timed(client, "wallboard", f"/wall/{secret}/")
        agent.desk.wallboards.all().delete()
        sys.stdout.write(f"load {os.getloadavg()[0]:.1f}\n")


def _owner():
    from django.conf import settings
    from django.test import Client

    from deskbook.people.models import Agent

    settings.ALLOWED_HOSTS = ["*"]
    kept = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": kept}}
    agent = Agent.objects.select_related("user", "desk").order_by("pk").first()
    Agent.objects.filter(pk=agent.pk).update(role="owner")
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return agent, client


def _timed(client, name, address):
    from django.db import connection

    best, asked = None, []

    def note(execute, sql, *more):
        asked.append(sql)
        return execute(sql, *more)

    for _time in range(TIMES):
        asked.clear()
        begun = time.perf_counter()
        with connection.execute_wrapper(note):
            answer = client.get(address, secure=True)
        took = time.perf_counter() - begun
        assert answer.status_code == 200, (address, answer.status_code)
        best = min(best or took, took)
    sys.stdout.write(f"{name:16} {best * 1000:6.0f} ms {len(asked):3} statements\n")


if __name__ == "__main__":
    main()
