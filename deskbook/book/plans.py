"""Plans of a book: to the engine's, and what can be proved of them."""

from dataclasses import dataclass

from deskbook.book.calendars import Calendars
from deskbook.book.document import Node
from deskbook.book.findings import Path
from deskbook.book.names import Names, title_of
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Limit
from deskbook.book.schema.cases import Plan as PlanEntry
from deskbook.book.schema.hours import Hours
from deskbook.book.targets import Conditioned
from deskbook.book.words import fold
from deskbook.engine.amounts import OpenTime
from deskbook.engine.desk import Plan
from deskbook.engine.plan_parts import Quota, Ways

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
            quotas=tuple(self._quotas(entry, (*path, "limits"))),
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

    def _quotas(self, entry: PlanEntry, path: Path) -> list[Quota]:
        made = []
        for number, limit in enumerate(entry.limits):
            place: Path = (*path, number)
            when = self.conditions.read_line(limit, place)
            for facet in _NOT_COUNTED_BY:
                if when.pop(facet, None):
                    what = f"the {facet} is no sort of case that a plan counts: delete it"
                    self.conditions.remarks.error(
                        (*place, facet), what, "limit-facets", at_key=True
                    )
            line = self.document.place(place)[0]
            most = self._most(limit, place)
            timed = limit.time is not None
            if most is not None:
                made.append(Quota(most, limit.each, when, limit.beyond, line, timed))
        return made

    def _most(self, limit: Limit, path: Path) -> int | None:
        """Returns how many cases, or how many minutes; None where neither is said, or both."""
        remarks = self.conditions.remarks
        if (limit.most is None) == (limit.time is None):
            remarks.error(path, "say one of `most` (cases) and `time` (work)", "limit-amount")
            return None
        if limit.time is None:
            return limit.most
        if not isinstance(limit.time, OpenTime):
            remarks.error((*path, "time"), "work is in hours and minutes: 10h", "limit-amount")
            return None
        return int(limit.time.duration.total_seconds() // 60)
