"""What somebody stated in the case form: read, checked, and turned into a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.tickets.messages import File, Written
from deskbook.tickets.opening import NewCase
from deskbook.web.portal.questions import Question


@dataclass(frozen=True, slots=True)
class Statement:
    """Answers as typed, by the names of their fields, and what is wrong with each."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read_statement(questions: Sequence[Question], posted: QueryDict, *, at: datetime) -> Statement:
    """Returns the answers and a sentence for each that cannot be taken as it is; nothing typed is
    changed or cut.
    """
    values = {question.name: posted.get(question.name, "") for question in questions}
    found = {
        question.name: _wrong(question, values[question.name].strip(), at) for question in questions
    }
    return Statement(values, {name: sentence for name, sentence in found.items() if sentence})


def case_of(
    questions: Sequence[Question], stated: Statement, files: Sequence[File], *, channel: str
) -> NewCase:
    """Returns the case as stated. Extra fields of the book become part of the text, under their
    titles.
    """
    answers = {question.about: stated.values[question.name].strip() for question in questions}
    extra = [
        f"{question.label}\n{answers[question.about]}"
        for question in questions
        if question.about.startswith("field ") and answers[question.about]
    ]
    return NewCase(
        subject=answers["subject"],
        written=Written("\n\n".join([answers["text"], *extra]), files=files),
        channel=channel,
        severity=answers.get("severity") or None,
        facets={
            about[6:]: value
            for about, value in answers.items()
            if about.startswith("facet ") and value
        },
        requested_for_at=_instant(answers["date"]) if answers.get("date") else None,
    )


def _wrong(question: Question, answer: str, at: datetime) -> str | None:
    if not answer:
        return _missing(question) if question.required else None
    if len(answer) > question.longest:
        return _(
            "This has {count} characters; at most {most} fit. Shorten it, or attach it as a file."
        ).format(count=len(answer), most=question.longest)
    if question.options and answer not in {option.value for option in question.options}:
        return _("Choose one of the answers.")
    if question.kind == "date":
        return _wrong_date(answer, at)
    return None


def _missing(question: Question) -> str:
    if question.options:
        return _("Choose one of the answers.")
    return {
        "subject": _("Say in a few words what it is about."),
        "text": _("Tell us what happened."),
    }.get(question.name, _("Please answer this."))


def _wrong_date(answer: str, at: datetime) -> str | None:
    instant = _instant(answer)
    if instant is None:
        return _("Write day and time like 2026-03-09 14:30.")
    return _("This time is over. Choose a later one.") if instant <= at else None


def _instant(answer: str) -> datetime | None:
    try:
        wall = datetime.fromisoformat(answer)
    except ValueError:
        return None
    zone = timezone.get_current_timezone()
    return (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(ZoneInfo("UTC"))
