"""What the console says of a case's visits: what was asked, what was decided, each visit with its
people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deskbook.engine.channels import SiteVisits
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState
from deskbook.engine.ticket_parts import SiteVisitWish
from deskbook.people.models import Agent
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import answers_of, people_of, place_and_words
from deskbook.web.times import same_day

TONES = {"dated": "", "called off": "red", "carried out": "amber", "reported": "green"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an office asked for."""

    people: int
    place: str
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One visit as the console shows it."""

    id: str
    number: str
    from_at: datetime
    until_at: datetime
    people: tuple[Agent, ...]
    place: str
    state: str
    state_title: str
    tone: str
    suits: bool | None
    answer: Message | None
    """What the office said with its answer to the present date."""
    expected: int | None
    attended: int | None
    subject: str

    @property
    def begins(self) -> str:
        """The time of day it begins at, where the viewer is."""
        return f"{timezone.localtime(self.from_at):%H:%M}"

    @property
    def same_day(self) -> bool:
        return same_day(self.from_at, self.until_at)

    @property
    def is_dated(self) -> bool:
        return self.state == "dated"


def asked_for(state: TicketState) -> Asked | None:
    """Returns what the office asked for; None when it only opened a case."""
    wish = state.site_visit_wish
    if wish is None:
        return None
    place, words = place_and_words(state)
    return Asked(wish.people, place, when_in_words(wish), words)


def when_in_words(wish: SiteVisitWish) -> str:
    """Returns which days suit the office ("from Mon 2 Mar until Fri 6 Mar"), "" when it said
    nothing of it.
    """
    first, last = (
        date_format(day, "D j M Y") if day else "" for day in (wish.wanted_from, wish.wanted_until)
    )
    if first and last:
        return (
            first
            if first == last
            else _("from %(first)s until %(last)s") % {"first": first, "last": last}
        )
    return (
        (_("from %(first)s") % {"first": first})
        if first
        else (_("until %(last)s") % {"last": last} if last else "")
    )


def shown(rows: Sequence[DatedVisit]) -> list[Shown]:
    """Returns visits ready to be shown, in the order given."""
    people, answers = people_of(list(rows)), answers_of(rows)
    titles = state_titles()
    return [
        Shown(
            row.visit,
            str(row.ticket),
            row.from_at,
            row.until_at,
            tuple(people[pk] for pk in row.people if pk in people),
            row.place,
            row.state,
            titles[row.state],
            TONES[row.state],
            row.suits,
            answers.get((row.ticket_id, row.visit)),
            row.expected,
            row.attended,
            row.ticket.subject,
        )
        for row in rows
    ]


def state_titles() -> dict[str, str]:
    return {
        "dated": _("dated"),
        "called off": _("called off"),
        "carried out": _("carried out"),
        "reported": _("reported"),
    }


def decision_of(ticket: Ticket) -> str:
    """Returns why the visit was approved or refused the last time, if that was said."""
    entry = ticket.log.filter(kind="SiteVisitDecided").order_by("-seq").first()
    message = entry.data.get("reason") if entry else None
    return (
        Message.objects.filter(pk=int(message)).values_list("text", flat=True).first() or ""
        if message
        else ""
    )


def teams_of(desk: Desk, rule: SiteVisits | None) -> tuple[str, str]:
    """Returns the titles of the team that decides and of the one that goes."""
    keys = (rule.decided_by, rule.carried_out_by) if rule else ("", "")
    first, second = (desk.teams[key].title if key in desk.teams else key for key in keys)
    return first, second
