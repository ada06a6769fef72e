"""What a case may be about, how grave it is, and how soon something is done."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deskbook.book.compare.promised import CLOCKS, STARTS
from deskbook.book.words import fold
from deskbook.engine.amounts import BusinessDays, OpenTime
from deskbook.engine.desk import Conditions, Facet, Plan, Severity, Target
from deskbook.engine.plan_parts import Reminders
from deskbook.engine.procedure_parts import Paper, Procedure
from deskbook.engine.quotas import PERIODS
from deskbook.web.policy.amounts import amount_in_words, number, promise
from deskbook.web.policy.days import weekly
from deskbook.web.policy.hours import zone_in_words
from deskbook.web.policy.parts import (
    Block,
    Cell,
    Entries,
    Entry,
    Heading,
    Points,
    Said,
    Section,
    Table,
    entries,
    lines,
    under,
)
from deskbook.web.policy.reader import Reader
from deskbook.web.shared.plan_words import quota_in_words
from deskbook.web.told import channel_title, facet_title, severity_word

_USUAL_STARTS = {"update": "answer", "team": "arrival", "team-resolve": "arrival"}


def about_what(reader: Reader) -> Section:
    """Returns the lists a case is sorted by, with the papers each needs, and what is asked."""
    desk, blocks = reader.desk, list[Block]()
    for facet in desk.facets.values():
        if facet.key != "site":
            blocks += (Heading(facet_title(facet)), *_values(reader, facet))
    blocks += under(_("What needs several of these"), _of_several(reader))
    asked = (Entry(one.title, lines(one.hint)) for one in desk.fields if one.asked == "requester")
    blocks += under(_("What you may be asked"), entries(asked))
    return Section("cases", _("What it can be about"), tuple(blocks))


def _values(reader: Reader, facet: Facet) -> Iterator[Block]:
    shown = [_value(reader, facet, key) for key in facet.values]
    if any(entry.lines or entry.points for entry in shown):
        yield Entries(tuple(shown))
    else:
        yield Points(tuple(entry.title for entry in shown), short=True)


def _value(reader: Reader, facet: Facet, key: str) -> Entry:
    causes = ", ".join(facet.values[one] for one in facet.gathers.get(key, ()))
    papers = [
        paper
        for procedure in reader.desk.procedures
        if procedure.when == {facet.key: frozenset({key})}
        for paper in procedure.papers
    ]
    said = lines(
        facet.means.get(key, ""),
        _("The cause of: {cases}").format(cases=causes) if causes else "",
        *map(_paper, papers),
        _acted_by(reader, facet.key, key),
    )
    return Entry(facet.values[key], said)


def _acted_by(reader: Reader, facet: str, key: str) -> str:
    book = reader.book
    own = {"type": book.types, "category": book.categories}
    listed = own.get(facet) or next((f for n, f in book.facets.items() if fold(n) == facet), None)
    value = next((v for n, v in listed.values.items() if fold(n) == key), None) if listed else None
    who = ", ".join(map(reader.said, value.acted_by)) if value else ""
    return _("Done by: {who}").format(who=who) if who else ""


def _paper(paper: Paper) -> str:
    columns = ", ".join(column.title for column in paper.columns)
    about = " ".join(filter(None, (paper.hint, f"({columns})" if columns else "")))
    said = _("Needed: {paper}").format(paper=paper.title)
    return f"{said} – {about}" if about else said


def _of_several(reader: Reader) -> tuple[Entries, ...]:
    """Returns the papers of cases that several facets tell apart."""
    several = (one for one in reader.desk.procedures if len(one.when) > 1 and one.papers)
    return entries(_procedure(reader, one) for one in several)


def _procedure(reader: Reader, procedure: Procedure) -> Entry:
    title = "; ".join(reader.conditions(procedure.when))
    return Entry(title, tuple(map(_paper, procedure.papers)))


def severities(reader: Reader) -> Section:
    """Returns the levels of gravity, what each means, and how they are worked out."""
    found = entries(_severity(reader, one) for one in reader.desk.severities.values())
    return Section("severity", severity_word(reader.desk), (*found, *_matrix(reader)))


def _severity(reader: Reader, severity: Severity) -> Entry:
    only = reader.values_in_words("channel", severity.only_by)
    said = lines(
        severity.means,
        _("Counts where nobody says another.") if severity.default else "",
        _("Only by: {channels}").format(channels=only) if only else "",
    )
    return Entry(severity.title, said)


def _matrix(reader: Reader) -> Iterator[Table]:
    desk = reader.desk
    if not desk.matrix:
        return
    impact, urgency = desk.facets["impact"], desk.facets["urgency"]
    head = (f"{facet_title(impact)} / {facet_title(urgency)}", *urgency.values.values())
    yield Table(
        head,
        tuple(
            (
                (title,),
                *((desk.severities[desk.matrix[key, word]].title,) for word in urgency.values),
            )
            for key, title in impact.values.items()
        ),
    )


def targets(reader: Reader) -> Section:
    """Returns how soon something is done, a row for each sort of case; a desk that promises
    nothing has no such section.
    """
    together: dict[tuple[tuple[str, frozenset[str]], ...], list[Target]] = {}
    for target in reader.desk.targets:
        together.setdefault(tuple(target.when.items()), []).append(target)
    clocks = [
        clock for clock in CLOCKS if any(_clock(target) == clock for target in reader.desk.targets)
    ]
    head = (_("Cases"), *(capfirst(_(CLOCKS[clock])) for clock in clocks))
    rows = tuple(
        (_cases(reader, dict(when)), *(_promises(reader, alike, clock) for clock in clocks))
        for when, alike in together.items()
    )
    table: tuple[Block, ...] = (Table(head, rows), *_how_they_count(reader)) if rows else ()
    return Section("targets", _("How soon we act"), table)


def _clock(target: Target) -> str:
    return "team-resolve" if target.clock == "resolve" and "team" in target.when else target.clock


def _cases(reader: Reader, when: Conditions) -> Cell:
    if when.keys() == {"severity"}:
        return (reader.values_in_words("severity", when["severity"]),)
    return reader.conditions(when)


def _promises(reader: Reader, alike: list[Target], clock: str) -> Cell:
    return tuple(
        line for target in alike if _clock(target) == clock for line in _promise(reader, target)
    )


def _promise(reader: Reader, target: Target) -> tuple[str, ...]:
    usual = _USUAL_STARTS.get(_clock(target), "opened")
    starts = target.starts if target.starts != usual or _clock(target) == "team" else ""
    hours = reader.hours_title(target.hours) if target.hours else ""
    return lines(
        promise(target),
        _("counted from: {moment}").format(moment=_(STARTS[starts])) if starts else "",
        _("by the hours “{hours}”").format(hours=hours) if hours else "",
        _after_hours(reader, target),
        _("recommended") if target.recommended else "",
    )


def _after_hours(reader: Reader, target: Target) -> str:
    if target.after_hours is None:
        return ""
    said = (
        _("doubled after hours")
        if target.after_hours == 2
        else _("{n} times as long after hours").format(n=number(target.after_hours))
    )
    plans = ", ".join(plan.title for plan in reader.desk.plans.values() if plan.after_hours)
    return _("{what} (plan: {plans})").format(what=said, plans=plans) if plans else said


def _how_they_count(reader: Reader) -> Iterator[Said]:
    amounts = [amount for one in reader.desk.targets for amount in (one.aim, one.limit)]
    if any(isinstance(amount, OpenTime | BusinessDays) for amount in amounts):
        yield Said(_("These times count in open hours alone."))


def plans(reader: Reader) -> Section:
    """Returns what customers bought: hours, named contacts, what else it includes."""
    shown = zip(reader.book.plans.values(), reader.desk.plans.values(), strict=True)
    found = entries(
        Entry(
            plan.title,
            lines(
                reader.said(entry.means),
                *_plan_hours(reader, plan.hours, customers=plan.customer_zone),
                _("Help after hours is included.") if plan.after_hours else "",
                _contacts(plan.contacts),
                _ways(reader, plan),
                *(quota_in_words(reader.desk, quota) for quota in plan.quotas),
            ),
            points=tuple(map(reader.said, entry.entitlements)),
        )
        for entry, plan in shown
    )
    return Section("plans", _("Plans"), found)


def limits(reader: Reader) -> Section:
    """Returns how much is taken of one person; a book that does not say has no such section."""
    desk = reader.desk
    cases = (quota_in_words(desk, one) for one in desk.limits)
    said = (*cases, *(_reminders(reader, one) for one in desk.reminders))
    points = (Points(said),) if said else ()
    return Section("limits", _("What we take of one person"), points)


def _reminders(reader: Reader, line: Reminders) -> str:
    often = (
        _("Reminders of a case without an answer: {most} {period}").format(
            most=line.most, period=_(PERIODS[line.each])
        )
        if line.most is not None
        else _("Reminders of a case without an answer")
    )
    after = amount_in_words(line.after) if line.after else ""
    first = _("not before {span} have passed").format(span=after) if after else ""
    sort = "; ".join(reader.conditions(line.when)) if line.when else ""
    return ", ".join(filter(None, (often, first, sort)))


def _plan_hours(reader: Reader, hours: str | None, *, customers: bool) -> tuple[str, ...]:
    if hours is None:
        return ()
    calendar = reader.desk.calendars[hours]
    zone = _("Time zone: the customer’s") if customers else zone_in_words(calendar)
    return (*weekly(calendar), zone)


def _ways(reader: Reader, plan: Plan) -> str:
    """By which channels its customers reach the desk, and what becomes of others."""
    if not plan.ways.channels:
        return ""
    has = [key for key in reader.desk.channels if key in plan.ways.channels]
    ways = ", ".join(channel_title(key, reader.desk) for key in has)
    if plan.ways.others == "refused":
        return _("Only by: {ways}").format(ways=ways)
    return _("By: {ways}; by other ways beyond the plan").format(ways=ways)


def _contacts(contacts: tuple[int, int] | None) -> str:
    if contacts is None:
        return ""
    return _("Named contacts, who open and close cases: {count}").format(count=span(contacts))


def span(counts: tuple[int, int]) -> str:
    """Returns “2–5”, or one number."""
    fewest, most = counts
    return str(fewest) if fewest == most else f"{fewest}–{most}"
