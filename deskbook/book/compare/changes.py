"""All that is otherwise in the new book, grouped and in the order of a book."""

from collections.abc import Iterator

from deskbook.book.compare.promised import changed_promises
from deskbook.book.compare.sections import Telling
from deskbook.book.compare.sides import Change, Side, Spot
from deskbook.book.schema import Book
from deskbook.book.schema.section import spaced

SORTED_BY = {"types": "type", "categories": "category"}


def changes(old: Side, new: Side) -> tuple[Change, ...]:
    """Returns every change, in the order of the sections. Another layout of the same is none."""
    return tuple(change for name in Book.model_fields for change in _of_section(name, old, new))


def _of_section(name: str, old: Side, new: Side) -> Iterator[Change]:
    section = spaced(name)
    if section == "targets":
        yield from changed_promises(old, new)
        return
    one, other = (Spot(side, (section,), getattr(side.book, name)) for side in (old, new))
    telling = Telling(section)
    if section == "facets":
        yield from _of_facets(telling, one, other)
    elif section == "routing" and one.value and other.value:
        yield from telling.differences("", one, other)
    else:
        subject = SORTED_BY.get(section, "")
        word = "" if subject else section
        if one.value is None or other.value is None:
            yield from _come_or_gone(telling, section, one, other)
        else:
            yield from telling.differences(subject, one, other, word)


def _of_facets(telling: Telling, old: Spot, new: Spot) -> Iterator[Change]:
    """A value of a list is called by the list: "component app is dropped"."""
    for name in old.value.keys() & new.value.keys():
        one, other = (spot.below(name, spot.value[name]) for spot in (old, new))
        yield from telling.differences(name, one, other)
    both = [
        {name: entry for name, entry in spot.value.items() if name not in against.value}
        for spot, against in ((old, new), (new, old))
    ]
    yield from telling.differences(
        "", Spot(old.side, old.path, both[0]), Spot(new.side, new.path, both[1]), "facets"
    )


def _come_or_gone(telling: Telling, section: str, old: Spot, new: Spot) -> Iterator[Change]:
    if old.value == new.value:
        return
    said = f"{section} are dropped" if new.value is None else f"{section} are new: {new.shown()}"
    yield Change(section, said, old.side.place(old.path), new.side.place(new.path))
