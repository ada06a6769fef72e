"""A desk, and what it had in another system, as files."""

from datetime import UTC, datetime

from deskbook.moving.models import Move
from deskbook.moving.taking_in import take_in
from deskbook.people.models import Agent
from tests.people_factory import make_desk

NOW = datetime.now(UTC)
BOOK = """
deskbook: 1
name: Small desk
zone: America/Toronto
prefix: SML
mail: [help@small.example]
hours: { office: { mon-fri: 08:00-20:00 } }
severities: { Urgent: {}, Low: { default: yes } }
targets: [{ respond: 2h, update: 4h, resolve: 3bd }]
stages:
  open: We are at it.
  waiting: { means: The requester has to answer., next: requester, remind: [2bd], close: 4bd }
  complete: { means: We are done., next: requester, solved: yes, close: 2bd }
  closed: { means: It is over., closed: yes }
types: { values: { question: A question., issue: Something is broken. } }
teams: [Front, Workshop]
routing: { rules: [{ severity: Urgent, to: Workshop }, { to: Front }] }
reopening: { within: 10bd }
"""
HEADER = "number,subject,requester,opened,closed,status,priority,team,type,owner,kind,from,at,text"


def small_desk():
    """Put the small book into force."""
    return make_desk("small", BOOK)


def in_file(folder, *lines, header=HEADER, name="old.csv", encoding="utf-8"):
    """Write lines below a header and return where."""
    path = folder / name
    path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return path


def move_of(desk, path, source="csv", words=None):
    """Return the coming of an export, not begun yet."""
    return Move.objects.create(
        desk=desk, source=source, name=path.name, words=words or {}, begun_at=datetime.now(UTC)
    )


def brought(desk, path, source="csv", words=None):
    """Take an export in and return how that went."""
    move = move_of(desk, path, source, words)
    take_in(move, path, at=datetime.now(UTC))
    return move


def agents_of(desk):
    """Return address → whether they work there, of all agents."""
    return dict(Agent.objects.filter(desk=desk).values_list("user__email", "is_active"))
