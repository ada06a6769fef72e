"""A desk that is nothing but a line of people who wait, and what theory says of it."""

from math import factorial

from deskbook.book.load import load_book
from deskbook.simulation.intervals import over_runs
from deskbook.simulation.load_file import read_load
from deskbook.simulation.run import Plan, run
from deskbook.simulation.tally import Measure

BOOK = """
deskbook: 1
name: A line
zone: UTC
hours: { always: { every day: 00:00-24:00 }, day: { mon-fri: 09:00-17:00 } }
channels: { phone: { hours: HOURS }, live chat: { hours: HOURS }, email: }
severities: { normal: { means: All., default: yes } }
targets: [ { severity: normal, respond: 1h, resolve: 1bd } ]
stages:
  new: { means: Came., by hand: no }
  open: { means: In hand., set by: [assignment, answering, the requester writing], by hand: yes }
  waiting: { means: Asked., next: requester, set by: asking }
  solved: { means: Solved., solved: yes }
  closed: { closed: yes }
levels: { first: , second: }
teams: { desk: { means: All., level: first }, experts: { means: Few., level: second } }
routing: { first: desk }
"""
LOAD = """
from: 2026-01-05
until: UNTIL
warm up: 12h
arrivals:
  - { per week: PERWEEK, channel: CHANNEL, during: HOURS }
handling:
  - { takes: TAKES }
people:
  - { team: desk, count: COUNT, hours: HOURS }
"""


def desk(hours="always", book=BOOK):
    return load_book(book.replace("HOURS", hours), name="line.yaml").desk_or_raise()


def load(text=LOAD, hours="always", more="", **words):
    usual = {"until": "2026-01-11", "perweek": 1800, "channel": "phone", "takes": "10m"}
    words = {**usual, "count": 3, "hours": hours, **words}
    for word, value in words.items():
        text = text.replace(word.upper(), str(value))
    return read_load(text + more, desk(hours))


def lived(a_load, hours="always", runs=5, seed=1, within=()):
    """Returns every measure over some runs."""
    plan = Plan(desk(hours), a_load, seed, within)
    return over_runs([run(plan, number) for number in range(1, runs + 1)])


def wait_of(measures, channel="phone"):
    return measures[Measure("wait", (channel,))]


def erlang_c(rate, takes, people):
    """Returns the mean time in the line of M/M/c, in the unit of `takes` (Erlang 1917)."""
    load = rate * takes
    last = load**people / factorial(people) * people / (people - load)
    waits = last / (sum(load**n / factorial(n) for n in range(people)) + last)
    return waits * takes / (people - load)


def erlang_a(rate, takes, people, patience):
    """Returns the share that gives up in M/M/c+M (Palm 1946), by the chances of every number
    there.
    """
    chances, there = [1.0], 0
    while chances[-1] > 1e-15 or there < people + 5:
        there += 1
        leave = min(there, people) / takes + max(there - people, 0) / patience
        chances.append(chances[-1] * rate / leave)
    waiting = sum(max(n - people, 0) * chance for n, chance in enumerate(chances)) / sum(chances)
    return waiting / patience / rate
