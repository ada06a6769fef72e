"""A read book to a `Desk`. What is wrong is remarked and left out, so that everything is told at
once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deskbook.book.anonymous import read_anonymous
from deskbook.book.calendars import Calendars, Within
from deskbook.book.channels import Reach, channel_entries
from deskbook.book.document import Node
from deskbook.book.facets import facet_entries, read_facet, read_matrix
from deskbook.book.findings import Path, Remarks
from deskbook.book.freezes import Dates, read_freezes
from deskbook.book.kept import read_keep
from deskbook.book.languages import with_translations
from deskbook.book.letters import read_letters
from deskbook.book.macros import read_macros
from deskbook.book.names import Names, title_of
from deskbook.book.organisation import Organisation
from deskbook.book.plans import Plans
from deskbook.book.procedures import read_procedures
from deskbook.book.recurring import read_recurring
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Facet as FacetEntry
from deskbook.book.schema.cases import Severity as SeverityEntry
from deskbook.book.service_levels import read_compensation, read_service_levels
from deskbook.book.sight import read_sight
from deskbook.book.stages import compile_stages, usual_stages
from deskbook.book.targets import Conditioned, TargetReader, read_rules
from deskbook.book.words import fold
from deskbook.engine.desk import Desk, Facet, Field, Reopening, Severity

COMMANDS = (
    "answer",
    "ask",
    "note",
    "assign",
    "hand over",
    "sort",
    "move",
    "close",
    "reopen",
    "verify",
    "claim",
    "promise",
    "agree the next update",
    "merge",
    "link",
    "redirect",
    "tick a step",
    "take in a paper",
    "estimate",
    "deliver",
    "replace a contact",
    "ask for a visit",
    "decide about a visit",
    "date a visit",
    "answer a date",
    "call off a visit",
    "carry out a visit",
    "report on a visit",
    "snooze",
)
"""What a stage may refuse: the commands of the engine."""


@dataclass(slots=True)
class Compiled:
    """The desk, and what the proofs need to know beside it."""

    desk: Desk
    book: Book
    remarks: Remarks
    unconfirmed: list[tuple[Path, str]] = field(default_factory=list)
    target_numbers: tuple[int, ...] = ()
    """For each of the desk's targets, its place in the book's list."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What lines of a book may name: read first, whatever the order of its sections."""

    word: str
    """What the book calls its levels of gravity: "severity" or "priority"."""
    dates: Dates
    campaign: Within | None
    calendars: Calendars
    own_hours: str
    hours: Names
    channels: Names
    entries: list[tuple[str, FacetEntry, Path]]
    facets: dict[str, Facet]
    matrix: dict[tuple[str, str], str]
    organisation: Organisation
    conditions: Conditioned


def compile_book(book: Book, key: str, document: Node, remarks: Remarks) -> Compiled:
    """Returns the desk of a book. `document` gives the lines that targets and rules come from."""
    known = _known(book, remarks)
    reading = Plans(known.calendars, known.hours, known.channels, known.conditions, document)
    plans = reading.read(book)
    reach = Reach(
        book, known.hours, known.organisation.teams, known.channels, known.conditions, remarks
    )
    targets = TargetReader(known.conditions, known.hours, remarks).read(
        book.targets, _lines(document, "targets")
    )
    desk = _sorted(_opened(book, key, known, remarks), book, known, document, remarks)
    desk = replace(desk, plans=plans, targets=tuple(target for _, target in targets))
    desk = replace(desk, limits=reading.limits(book), reminders=reading.reminders(book))
    desk = _kept(desk, book, known, document)
    desk = _organised(desk, book, known, document, remarks)
    desk = _reached(desk, reach, _lines(document, "site visits"))
    desk = with_translations(book, desk, remarks)
    return Compiled(
        desk, book, remarks, known.calendars.unconfirmed, tuple(number for number, _ in targets)
    )


def _known(book: Book, remarks: Remarks) -> _Known:
    word, levels = _scale(book, remarks)
    dates = Dates(book, remarks)
    campaign = dates.campaign()
    calendars, own_hours = _calendars(book, campaign, remarks)
    hours = Names.of("hours", "hours", book.hours)
    channels = Names.of("channel", "channels", channel_entries(book))
    entries = facet_entries(book, remarks)
    facets = {fold(name): read_facet(name, entry, path, remarks) for name, entry, path in entries}
    spelled = {
        fold(name): Names.of(name.lower(), "facets", entry.values) for name, entry, _ in entries
    }
    scale = Names.of(word, word, levels)
    matrix = read_matrix(book.matrix, scale, facets, remarks) if book.matrix else {}
    organisation = Organisation.of(book, hours, remarks)
    conditions = _conditions(book, facets, spelled, word, channels, remarks)
    return _Known(
        word,
        dates,
        campaign,
        calendars,
        own_hours,
        hours,
        channels,
        entries,
        facets,
        matrix,
        organisation,
        conditions,
    )


def _opened(book: Book, key: str, known: _Known, remarks: Remarks) -> Desk:
    """Returns the desk with what its cases go through: hours, stages, severities, facets and
    fields.
    """
    levels = book.severities or book.priorities or {}
    return Desk(
        key=key,
        title=book.name,
        zone=book.zone,
        calendars=known.calendars.made,
        hours=known.own_hours,
        stages=compile_stages(
            book.stages or usual_stages(), known.hours, Names.of("act", "", COMMANDS), remarks
        ),
        prefix=book.prefix or _prefix_of(key),
        languages=tuple(book.languages),
        severity_word=known.word,
        severities={
            fold(name): _severity(name, entry, known.channels, known.word, remarks)
            for name, entry in levels.items()
        },
        matrix=known.matrix,
        facets=known.facets,
        fields=tuple(
            Field(fold(name), title_of(name, q.name), q.required, q.long, q.asked, q.hint)
            for name, q in book.fields.items()
        ),
        reopening=Reopening(book.reopening.clocks, book.reopening.within),
        mail=tuple(book.mail),
    )


def _sorted(desk: Desk, book: Book, known: _Known, document: Node, remarks: Remarks) -> Desk:
    """Returns the desk with its teams and how a case finds one."""
    teams, routing = known.organisation.teams, book.routing
    lines = _lines(document, "routing", "rules")
    return replace(
        desk,
        teams=known.organisation.read_teams(),
        first_team=_first_team(book, teams, remarks),
        rules=read_rules(routing.rules if routing else [], known.conditions, teams, remarks, lines),
        answering_takes=routing.answering_takes if routing else True,
        sight=read_sight(book, teams, remarks),
    )


def _organised(desk: Desk, book: Book, known: _Known, document: Node, remarks: Remarks) -> Desk:
    """Returns the desk with who works there, in what order, by which procedures."""
    organisation, conditions = known.organisation, known.conditions
    return replace(
        desk,
        levels=organisation.read_levels(conditions, document),
        hops=organisation.read_hops(_lines(document, "hops")),
        outside=organisation.read_outside(),
        tells=organisation.read_tells(conditions),
        promised_reports=organisation.read_reports(known.hours, _lines(document, "reports")),
        procedures=read_procedures(known.entries, book.procedures, conditions, document, remarks),
        keep=read_keep(book.keep, conditions, _lines(document, "keep"), remarks),
        anonymous=read_anonymous(
            book.anonymous, conditions, known.channels, _lines(document, "anonymous")
        ),
        letters=read_letters(
            book.letters,
            conditions,
            Names.of("stage", "stages", desk.stages),
            _lines(document, "letters"),
        ),
        recurring=read_recurring(
            book.recurring,
            conditions,
            known.hours,
            organisation.teams,
            _lines(document, "recurring"),
        ),
        macros=read_macros(book.macros, conditions, known.facets, organisation.teams, desk.stages),
        freezes=read_freezes(book, known.campaign, conditions, organisation.teams, known.dates),
        staffing=organisation.read_staffing(known.own_hours, _lines(document, "rosters")),
        alert_always=conditions.facets["severity"].find_all(
            book.alerts.always_for, ("alerts", "always for"), remarks
        ),
    )


def _kept(desk: Desk, book: Book, known: _Known, document: Node) -> Desk:
    """Returns the desk with how many of its promises it keeps, and what follows where not."""
    conditions = known.conditions
    levels = _lines(document, "service levels")
    return replace(
        desk,
        service_levels=read_service_levels(book.service_levels, desk, conditions, levels),
        compensations=read_compensation(
            book.compensation, conditions, _lines(document, "compensation")
        ),
    )


def _reached(desk: Desk, reach: Reach, visits: Mapping[int, int]) -> Desk:
    """Returns the desk with how people reach it; `visits` are the lines of its site visits."""
    return replace(
        desk,
        channels=reach.read_channels(),
        directory=reach.read_directory(),
        official_mail=tuple(reach.book.official_mail),
        sites=reach.read_sites(),
        services=reach.read_services(),
        templates=reach.read_templates(),
        site_visits=reach.read_site_visits(visits),
    )


def _scale(book: Book, remarks: Remarks) -> tuple[str, Mapping[str, SeverityEntry]]:
    """Returns what the book calls its levels of gravity, and the levels."""
    if book.severities and book.priorities:
        remarks.error(
            ("priorities",),
            "the book has severities already: write one of the two",
            "two-scales",
            at_key=True,
        )
    return "priority" if book.priorities else "severity", book.severities or book.priorities or {}


def _conditions(
    book: Book,
    facets: Mapping[str, Facet],
    spelled: Mapping[str, Names],
    word: str,
    channels: Names,
    remarks: Remarks,
) -> Conditioned:
    """Returns what a line may ask about a case: the facets of the book, and those of every book."""
    levels = book.severities or book.priorities or {}
    return Conditioned(
        facets={
            **{facet.key: Names.of(facet.key, "facets", facet.values) for facet in facets.values()},
            **spelled,
            "severity": Names.of(word, word, levels),
            "plan": Names.of("plan", "plans", book.plans),
            "team": Names.of("team", "teams", book.teams),
            "channel": channels,
        },
        severity_words=("severity", "priority"),
        remarks=remarks,
    )


def _calendars(book: Book, campaign: Within | None, remarks: Remarks) -> tuple[Calendars, str]:
    names = Names.of("list of holidays", "holidays", book.holidays)
    lists = {fold(name): days for name, days in book.holidays.items()}
    calendars = Calendars(book.zone, lists, names, remarks, campaign=campaign)
    for name, days in book.holidays.items():
        list(calendars.closings(days, ("holidays", name)))
    for name, hours in book.hours.items():
        calendars.make(fold(name), hours, ("hours", name))
    own = [name for name, hours in book.hours.items() if hours.default]
    if len(own) > 1:
        remarks.error(
            ("hours", own[1], "default"),
            f"{own[0]!r} is the desk's own calendar already",
            "two-defaults",
        )
    return calendars, fold(next(iter(own or book.hours)))


def _severity(
    name: str, entry: SeverityEntry, channels: Names, word: str, remarks: Remarks
) -> Severity:
    section = "severities" if word == "severity" else "priorities"
    return Severity(
        key=fold(name),
        title=f"{name} – {entry.name}" if entry.name else title_of(name, None),
        means=entry.means,
        default=entry.default,
        only_by=channels.find_all(entry.only_by, (section, name, "only by"), remarks),
    )


def _first_team(book: Book, teams: Names, remarks: Remarks) -> str | None:
    if book.routing and book.routing.first:
        return teams.find(book.routing.first, ("routing", "first"), remarks)
    if len(book.teams) == 1 and not (book.routing and book.routing.rules):
        return fold(next(iter(book.teams)))
    return None


def _lines(document: Node, *path: str) -> Mapping[int, int]:
    """Returns the line of each item of a list in the document."""
    here = document
    for step in path:
        if not isinstance(here.value, dict) or step not in here.value:
            return {}
        here = here.value[step]
    return (
        {number: item.line for number, item in enumerate(here.value)}
        if isinstance(here.value, list)
        else {}
    )


def _prefix_of(key: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", key)[:3].upper() or "DB"
