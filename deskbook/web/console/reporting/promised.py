"""The reports a book promises, each with how it stands."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deskbook.jobs.promised_reports import Standing, standings
from deskbook.people.models import Agent
from deskbook.people.moments import written

STATES = {
    "due": gettext_lazy("due on {day}"),
    "kept": gettext_lazy("kept on {day}"),
    "late": gettext_lazy("late on {day}"),
}


def promised_of(agent: Agent) -> list[str]:
    """Returns a line for each promised report of the agent's desk."""
    return [_in_words(one) for one in standings(agent.desk, at=timezone.now())]


def _in_words(one: Standing) -> str:
    last = _("not due so far")
    if one.state is not None:
        last = STATES[one.state].format(day=one.last)
    said = _("{report}: {last} ({count} mails have left)").format(
        report=one.line.title, last=last, count=one.left
    )
    if one.next_at is None:
        return said
    return _("{said}; next on {at}").format(said=said, at=written(one.next_at))
