"""Plans of a book: to the engine's, and what can be proved of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskbook.book.calendars import Calendars
from deskbook.book.document import Node
from deskbook.book.findings import Path
from deskbook.book.names import Names, title_of
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Limit, PersonLimit
from deskbook.book.schema.cases import Plan as PlanEntry
from deskbook.book.schema.hours import Hours
from deskbook.book.targets import Conditioned
from deskbook.book.words import fold
from deskbook.engine.amounts import OpenTime
from deskbook.engine.desk import Plan
from deskbook.engine.plan_parts import MOST_REMINDERS, Quota, Reminders, Ways

_NOT_COUNTED_BY = ("plan", "team")


@dataclass(frozen=True, slots=True)
class Plans:
    """What plans may name."""

    calendars: Calendars
    hours: Names
    channels: Names
    conditions: Conditioned
    document: Node

    def read(self, book: Book) -> dict[str, Plan]:
        """Returns the plans in the book's order; what is wrong is remarked and left out."""
        return {fold(name): self._plan(name, entry) for name, entry in book.plans.items()}

    def _plan(self, name: str, entry: PlanEntry) -> Plan:
        named = self._hours(name, entry)
        path: Path = ("plans", name)
        return Plan(
            key=fold(name),
            title=title_of(name, entry.name),
            hours=named,
            customer_zone=named in self.calendars.customers,
            after_hours=entry.after_hours,
            contacts=entry.contacts,
            quotas=tuple(self._quotas(entry.limits, (*path, "limits"))),
            ways=Ways(
                self.channels.find_all(
                    entry.channels, (*path, "channels"), self.conditions.remarks
                ),
                entry.other_channels,
                self.document.place((*path, "channels"))[0],
            ),
            fee=entry.fee,
            line=self.document.place(path, at_key=True)[0],
        )

    def _hours(self, name: str, entry: PlanEntry) -> str | None:
        path: Path = ("plans", name, "hours")
        if isinstance(entry.hours, Hours):
            named = f"hours of {fold(name)}"
            self.calendars.make(named, entry.hours, path)
            return named
        if not entry.hours:
            return None
        return self.hours.find(entry.hours, path, self.conditions.remarks)

    def limits(self, book: Book) -> tuple[Quota, ...]:
        """Returns how many cases are taken of one person."""
        of_cases = [one if one.of == "cases" else None for one in book.limits]
        return tuple(self._quotas(of_cases, ("limits",)))

    def reminders(self, book: Book) -> tuple[Reminders, ...]:
        """Returns how often one person may remind the desk of a case."""
        return tuple(
            self._reminders(limit, ("limits", number))
            for number, limit in enumerate(book.limits)
            if limit.of == "reminders"
        )

    def _reminders(self, limit: PersonLimit, path: Path) -> Reminders:
        remarks = self.conditions.remarks
        if (limit.most or 0) > MOST_REMINDERS:
            what = f"more than {MOST_REMINDERS} are no limit: delete the line"
            remarks.error((*path, "most"), what, "limit-amount")
        if limit.most is None and limit.after is None:
            remarks.error(path, "say how many (`most`), or from when (`after`)", "limit-amount")
        if limit.time or limit.at_a_time or "beyond" in limit.model_fields_set:
            what = "a reminder is no case: it has `most`, `each` and `after` alone"
            remarks.error(path, what, "limit-amount")
        when = self.conditions.read_line(limit, path)
        line = self.document.place(path)[0]
        return Reminders(limit.most, limit.each, limit.after, when, line)

    def _quotas(self, limits: Sequence[Limit | None], path: Path) -> list[Quota]:
        made = []
        for number, limit in enumerate(limits):
            if limit is None:
                continue
            place: Path = (*path, number)
            when = self._counted(limit, place)
            line = self.document.place(place)[0]
            most = self._most(limit, place)
            timed = limit.time is not None
            if most is not None:
                made.append(
                    Quota(most, limit.each, when, limit.beyond, line, timed, limit.at_a_time)
                )
        return made

    def _counted(self, limit: Limit, place: Path) -> dict[str, frozenset[str]]:
        """Returns of which cases a limit is."""
        remarks, when = self.conditions.remarks, self.conditions.read_line(limit, place)
        for facet in _NOT_COUNTED_BY:
            if when.pop(facet, None):
                what = f"the {facet} is no sort of case that a plan counts: delete it"
                remarks.error((*place, facet), what, "limit-facets", at_key=True)
        if limit.at_a_time and "each" in limit.model_fields_set:
            what = "cases that are open are of no period: delete `each` or `at a time`"
            remarks.error((*place, "each"), what, "limit-amount")
        if isinstance(limit, PersonLimit) and (limit.time or limit.after):
            what = "of a person cases are counted: write `most`, or `of: reminders`"
            remarks.error(place, what, "limit-amount")
        return when

    def _most(self, limit: Limit, path: Path) -> int | None:
        """Returns how many cases, or how many minutes; None where neither is said, or both."""
        remarks = self.conditions.remarks
        if limit.time is not None and limit.at_a_time:
            remarks.error(path, "work is of a period: delete `at a time`", "limit-amount")
        if (limit.most is None) == (limit.time is None):
            remarks.error(path, "say one of `most` (cases) and `time` (work)", "limit-amount")
            return None
        if limit.time is None:
            return limit.most
        if not isinstance(limit.time, OpenTime):
            remarks.error((*path, "time"), "work is in hours and minutes: 10h", "limit-amount")
            return None
        return int(limit.time.duration.total_seconds() // 60)
