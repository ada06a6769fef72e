"""The reports a book promises, each with how it stands."""

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deskbook.jobs.promised_reports import Standing, standings
from deskbook.people.models import Agent
from deskbook.people.moments import written

STATES = {
    "due": gettext_lazy("due on {day}"),
    "kept": gettext_lazy("due on {day}, kept"),
    "late": gettext_lazy("due on {day}, late"),
}


def promised_of(agent: Agent) -> list[str]:
    """Returns a line for each promised report of the agent's desk."""
    return [in_words(one) for one in standings(agent.desk, at=timezone.now())]


def in_words(one: Standing) -> str:
    """Returns how a promised report stands, in the language in force."""
    said = f"{one.line.title}: {_last_time(one)}"
    if one.next_at is None:
        return said
    return _("{said}; next on {at}").format(said=said, at=written(one.next_at))


def _last_time(one: Standing) -> str:
    if one.state is None or one.last is None:
        return _("not due so far")
    stands = STATES[one.state].format(day=formatted(one.last, "D j M Y"))
    mails = ngettext("{n} mail has left", "{n} mails have left", one.left).format(n=one.left)
    return f"{stands} ({mails})"
