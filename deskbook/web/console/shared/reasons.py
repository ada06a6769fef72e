"""Why a clock of a ticket says what it says: in a sentence, and in the spans it was counted in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from deskbook.engine.clocks import Reading
from deskbook.engine.desk import Desk
from deskbook.engine.hours import calendar_for
from deskbook.engine.spans import Span, explain
from deskbook.engine.ticket import TicketState
from deskbook.people.moments import spoken, written
from deskbook.web.console.shared.rows import clock_title


@dataclass(frozen=True, slots=True)
class Line:
    from_at: datetime
    to_at: datetime
    text: str
    kind: str
    counts: str
    total: str


@dataclass(frozen=True, slots=True)
class Why:
    title: str
    summary: str
    spans: tuple[Line, ...] = ()
    source: str = ""


def reasons(desk: Desk, state: TicketState, reading: Reading, texts: Mapping[str, str]) -> Why:
    """Returns why a clock says what it says: a sentence, and spans where the time was counted."""
    title = titled(reading, texts)
    if reading.kind == "promise":
        return Why(
            title, _("A date given to a person: it runs by the wall clock, whatever the stage.")
        )
    if state.next_update_at and reading.kind == "update" and reading.due_at == state.next_update_at:
        return Why(
            title,
            _("The desk and the requester agreed on %(when)s.")
            % {"when": written(state.next_update_at)},
        )
    if reading.undated:
        return Why(title, _("The book says “as agreed”, and no date was agreed yet."))
    spans = tuple(line_of(desk, span) for span in _spans(desk, state, reading))
    return Why(title, _summary(desk, reading), spans, _source(desk, reading))


def _spans(desk: Desk, state: TicketState, reading: Reading) -> Iterable[Span]:
    stage = desk.stages[state.stage]
    if reading.kind == "quiet" and stage.ladder and stage.ladder.close:
        calendar = calendar_for(desk, state, stage.ladder.hours)
        return explain(calendar, reading.started_at, stage.ladder.close)
    amount = (reading.target.limit or reading.target.aim) if reading.target else None
    if amount is None or reading.calendar is None:
        return ()
    spans = explain(
        reading.calendar,
        reading.started_at,
        amount,
        pauses=reading.pauses,
        after_hours=reading.after_hours,
    )
    stopped_at = reading.paused_since
    return [span for span in spans if stopped_at is None or span.to_at <= stopped_at]


def line_of(desk: Desk, span: Span) -> Line:
    """Returns a span as a line of the table that says why."""
    counted = _("not counted") if span.state in ("closed", "paused") else _amount(span.counted)
    at_rate = "" if span.rate in (0, 1) else f" × {span.rate}"
    return Line(
        span.from_at,
        span.to_at,
        desk.said(span.reason),
        span.state,
        f"{counted}{at_rate}",
        _amount(span.total),
    )


def _amount(counted: timedelta | Fraction) -> str:
    if isinstance(counted, timedelta):
        return spoken(counted)
    return _("%(days)s bd") % {"days": f"{float(counted):.2f}".rstrip("0").rstrip(".")}


def _summary(desk: Desk, reading: Reading) -> str:
    started = {"start": written(reading.started_at)}
    if reading.met_at:
        return _("Started %(start)s, met %(met)s.") % {**started, "met": written(reading.met_at)}
    if reading.paused_since:
        words = _("Started %(start)s and paused since %(paused)s: what has run is kept.")
        return words % {**started, "paused": written(reading.paused_since)}
    if reading.due_at is None:
        return _("Started %(start)s; nothing falls due.") % started
    return _("Started %(start)s, due %(due)s.") % {**started, "due": written(reading.due_at)}


def _source(desk: Desk, reading: Reading) -> str:
    if reading.target is None:
        return ""
    words = (
        [_("Line %(line)s of the book") % {"line": reading.target.line}]
        if reading.target.line
        else []
    )
    if reading.target.recommended:
        words.append(_("recommended: never a breach"))
    if reading.after_hours:
        words.append(
            _("after hours it runs %(factor)s times slower") % {"factor": reading.after_hours}
        )
    return " · ".join(words)


def titled(reading: Reading, texts: Mapping[str, str]) -> str:
    """Returns a clock's name, and of a promise what was promised: `texts` by their ids."""
    text = texts.get(reading.clock.partition(":")[2], "")
    return f"{clock_title(reading.clock)}: {text}" if text else clock_title(reading.clock)
