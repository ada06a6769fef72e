"""Records of an export, each taken by what it is: whatever one of them holds that exports do not
have there costs that alone, and is said with where it stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from deskbook.moving.shelf import Shelf
from deskbook.moving.values import Unread, instant_of
from deskbook.refusals.refusal import Refusal

Row = Mapping[str, Any]
_LONGEST_NUMBER = 100


class Record(NamedTuple):
    """One of them: where it stands, what it is, and the ticket it is of, where it says so."""

    place: str
    sort: str
    row: Any
    number: str = ""
    """Of its ticket, as people there call it."""
    of: str = ""
    """The key of its ticket, by which the number is found once all is read."""
    inside: str = ""
    """Of one within another: where in it."""


class Shape(NamedTuple):
    """Which fields of records hold objects, lists of objects and lists."""

    objects: Sequence[str] = ()
    rows: Sequence[str] = ()
    lists: Sequence[str] = ()


PLAIN = Shape()
_NONE = Record("", "", {})


@dataclass(slots=True)
class Reading:
    """An export as far as it was read, and the record that is being taken."""

    shelf: Shelf
    zone: str
    record: Record = _NONE

    @property
    def place(self) -> str:
        """Where the record stands, with the ticket it is of or the id it has."""
        said = self.record
        row = said.row if isinstance(said.row, Mapping) else {}
        id_ = str(row.get("id") or row.get("pk") or "")[:_LONGEST_NUMBER]
        known = f"ticket {said.number}" if said.number else f"id {id_}" if id_ else ""
        return ", ".join(filter(None, (said.place, known, said.inside)))

    def leave_out(self, why: Refusal, what: object, name: str = "") -> None:
        """Leaves the record out, or the field of it that is named."""
        place = f"{self.place}, {name}" if name else self.place
        number, of = self.record.number, self.record.of
        self.shelf.left_out(place, why, str(what), ticket=number, of=of)

    def at(self, row: Row, name: str) -> datetime | None:
        """Returns the instant in a field; one that cannot be read is left out."""
        try:
            return instant_of(row.get(name), self.zone)
        except Unread as wrong:
            text = str(wrong.refusal.facts["text"])
            self.leave_out(Refusal("moving: no instant", name=name, text=text), row[name], name)
            return None

    def sound(self, row: object, shape: Shape) -> Row:
        """Returns a record without what holds something else than its shape says. Raises Unread for
        one that is none.
        """
        if not isinstance(row, Mapping):
            raise Unread("moving: odd record")
        kept = dict(row)
        for name in shape.objects:
            if kept.get(name) and not isinstance(kept[name], Mapping):
                self._leave_out_odd(name, kept.pop(name))
        for name in (*shape.rows, *shape.lists):
            if kept.get(name) and not isinstance(kept[name], list):
                self._leave_out_odd(name, kept.pop(name))
        for name in shape.rows:
            kept |= {name: self._rows_in(name, kept[name])} if kept.get(name) else {}
        return kept

    def _rows_in(self, name: str, said: Sequence[object]) -> list[Row]:
        for number, one in enumerate(said):
            if not isinstance(one, Mapping):
                self._leave_out_odd(f"{name}[{number}]", one)
        return [one for one in said if isinstance(one, Mapping)]

    def _leave_out_odd(self, name: str, said: object) -> None:
        self.leave_out(Refusal("moving: odd field", name=name, text=str(said)[:60]), said, name)

    def inside(self, sort: str, name: str, rows: Iterable[Row]) -> Iterator[Record]:
        """Yields the records in a field of the one that is being taken."""
        outer = self.record
        for number, row in enumerate(rows):
            yield Record(outer.place, sort, row, outer.number, outer.of, f"{name}[{number}]")

    @contextmanager
    def taking(self, record: Record) -> Iterator[None]:
        """Leaves a record out, with why, which cannot be read or is not shaped as exports are."""
        before, self.record = self.record, record
        try:
            yield
        except Unread as wrong:
            self.leave_out(wrong.refusal, record.row)
        except KeyError as wrong:
            missing = Refusal("moving: no field", name=str(wrong.args[0])[:60])
            self.leave_out(missing, record.row)
        except (AttributeError, TypeError, ValueError):
            self.leave_out(Refusal("moving: odd record"), record.row)
        finally:
            self.record = before


R = TypeVar("R", bound=Reading)
Take = Callable[[R, Row], None]


def take_all(
    reading: R, records: Iterable[Record], takes: Mapping[str, Take[R]], shape: Shape = PLAIN
) -> None:
    """Takes each record by its sort; those of a sort that `takes` does not name are passed over."""
    for record in records:
        if record.sort in takes:
            with reading.taking(record):
                takes[record.sort](reading, reading.sound(record.row, shape))


def unknown(reading: Reading, row: Row) -> None:
    """Leaves out what nobody knows what it is."""
    raise Unread("moving: unknown sort", name=", ".join(list(row)[:5]))
