"""The steps and papers of a case, as the ticket page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from deskbook.engine.decision import hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.procedures import steps_of
from deskbook.engine.ticket import TicketState
from deskbook.tickets.models import Attachment, Ticket
from deskbook.tickets.papers import Sent, files_sent, papers_sent
from deskbook.tickets.shapes import Checked
from deskbook.web.acts.act import Act
from deskbook.web.mail_html import file_url

ACTS = ("steps", "papers")


@dataclass(frozen=True, slots=True)
class StepLine:
    title: str
    hint: str
    mandatory: bool
    done: bool
    action: str
    key: str
    """Digit that ticks it; empty after the ninth."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    key: str
    title: str
    hint: str
    received: bool
    receipt: str
    return_: str
    url: str = ""
    file: str = ""
    checked: Checked | None = None
    reason: str = ""
    """What to write when it is sent back: the lines that are wrong, or what was typed."""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """Both lists; empty where the book names nothing for this case."""

    steps: Sequence[StepLine] = ()
    papers: Sequence[PaperLine] = ()
    files: Sequence[tuple[str, str]] = ()
    request: str = ""
    may_act: bool = True
    again: Act | None = None

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def missing(self) -> int:
        return sum(not paper.received for paper in self.papers)


def checklist(ticket: Ticket, desk: Desk, state: TicketState, again: Act | None) -> Checklist:
    """Returns the steps and papers of a case; `again` brings back a form of theirs that was not
    accepted.
    """
    sent = papers_sent(ticket)
    refused = again if again and again.told_in in ACTS else None
    return Checklist(
        steps=tuple(_steps(ticket, desk, state)),
        papers=tuple(_paper(ticket, paper, refused) for paper in sent),
        files=tuple((str(file.pk), _named(file)) for file in files_sent(ticket)) if sent else (),
        request=reverse("console-papers-request", args=[str(ticket)]) if sent else "",
        may_act=hindrance(desk, state, "tick a step") is None,
        again=refused,
    )


def _steps(ticket: Ticket, desk: Desk, state: TicketState) -> list[StepLine]:
    return [
        StepLine(
            step.title,
            step.hint,
            step.mandatory,
            step.key in state.done_steps,
            reverse("console-step", args=[str(ticket), step.key]),
            str(number) if number < 10 else "",
        )
        for number, step in enumerate(steps_of(desk, state), start=1)
    ]


def _paper(ticket: Ticket, sent: Sent, again: Act | None) -> PaperLine:
    paper, number = sent.paper, str(ticket)
    typed = again if again and again.parts.get("paper") == paper.key else None
    return PaperLine(
        paper.key,
        paper.title,
        paper.hint,
        sent.received,
        reverse("console-paper", args=[number, paper.key]),
        reverse("console-paper-return", args=[number, paper.key]),
        file_url(sent.file) if sent.file else "",
        sent.file.name if sent.file else "",
        sent.checked,
        typed.data.get("reason", "") if typed else wrong_lines(sent.checked),
        typed is not None,
    )


def wrong_lines(checked: Checked | None) -> str:
    """Returns what is wrong with a file, a line each, as the words that go back to the sender."""
    if checked is None or checked.good:
        return ""
    told = [
        _("Line %(line)s: %(why)s") % {"line": wrong.line, "why": wrong.sentence}
        if wrong.line
        else wrong.sentence
        for wrong in checked.told[:10]
    ]
    return "\n".join(told)


def _named(file: Attachment) -> str:
    return f"{file.name} · {file.message.at:%Y-%m-%d}"
