"""One line of a list of people judged: who it is, what it changes, and what keeps it out."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from django.conf import settings

from deskbook.engine.decide_contacts import seat_hindrance
from deskbook.people.changed_ways import (
    OfTheDesk,
    is_of_the_desk,
)
from deskbook.people.lists.columns import (
    BETWEEN,
    Given,
    Judged,
    Wrong,
    said_anew,
    short_enough,
    taken,
    yes_or_no,
)
from deskbook.people.lists.directory import (
    ATTRIBUTES,
    WAYS,
    Directory,
    Identity,
    Known,
    Record,
    as_called,
    cells_of,
    in_one_form,
)
from deskbook.people.lists.quoting import short
from deskbook.people.lists.reading import mail_address, phone_number, zone_name
from deskbook.people.lists.sheets import as_read
from deskbook.people.numbers import NUMBERED, spellings
from deskbook.refusals.refusal import Word


def judged(directory: Directory, given: Given) -> Judged:
    """Returns what would become of one line, and notes it in the directory. Raises Wrong."""
    if given.broken:
        raise Wrong(given.broken)
    short_enough(given, several=WAYS)
    if _is_known_without_a_way(directory, given):
        return taken(given, "same", None)
    identities = _identities(directory, given)
    known_id = _whose(directory, given, identities)
    record = _record(directory, given, identities, known_id)
    for channel, what in record.identities if known_id is not None else ():
        if is_of_the_desk(channel, what, directory.of_the_desk):
            raise Wrong(OfTheDesk(short(what)).refusal)
    record = _seated(directory, record, given, identities)
    for identity in identities:
        directory.said.say(in_one_form(identity), given.line)
    if known_id is None:
        return taken(given, "added", record)
    directory.said.say(known_id, given.line)
    return taken(
        given, "changed" if _differs(directory.people[known_id], record) else "same", record
    )


def ways_in(directory: Directory, given: Given) -> Iterator[Identity]:
    """Yields each form in which the desk may have a way that a line gives."""
    for column, channel in WAYS.items():
        for text in _several(given, column):
            yield channel, text
            with suppress(Wrong):
                way = _as_stored(directory, channel, text)
                forms = spellings(way) if channel in NUMBERED else (way,)
                yield from ((channel, form) for form in forms if form != text)


def _is_known_without_a_way(directory: Directory, given: Given) -> bool:
    """Whether the line gives no way, and says what the desk has of somebody it knows none of."""
    if any(_several(given, column) for column in WAYS):
        return False
    called = directory.wayless.get(given.values.get("name", ""), ())
    return any(_says_nothing(_said_anew(directory, given, known)) for known in called)


def _says_nothing(given: Given) -> bool:
    return not given.values and not given.others


def _said_anew(directory: Directory, given: Given, known: Known) -> Given:
    organisation = directory.plans[known.organisation][0] if known.organisation else ""
    return said_anew(given, cells_of(known, organisation), known.attributes)


def _seated(
    directory: Directory, record: Record, given: Given, identities: tuple[Identity, ...]
) -> Record:
    """Returns the record with the seat it gets. Raises Wrong where a line asks for a seat that is
    refused; who is only moved to an organisation is of its community then, as on the page
    (`move_contact`).
    """
    try:
        _give_seat(directory, record, given.line, identities)
    except Wrong:
        if given.values.get("named"):
            raise
        record = replace(record, named=False)
        _give_seat(directory, record, given.line, identities)
    return record


def _give_seat(
    directory: Directory, record: Record, line: int, given: tuple[Identity, ...]
) -> None:
    """Gives the seat a line asks for, and takes the one it leaves. Raises Wrong for who works at
    the desk and where all seats are taken, as `name_contact` refuses it; a line that leaves
    somebody the seat they have is taken.
    """
    known = directory.people[record.id] if record.id is not None else None
    had = known.organisation if known and has_seat(known) else None
    gets = record.organisation if has_seat(record) else None
    if gets == had:
        return
    if gets is not None:
        _refuse_seat_of_the_desk(directory, record, known, given)
        name, plan = directory.plans[gets]
        if full := seat_hindrance(plan, name, list(directory.holders[gets].values())):
            raise Wrong(full)
        directory.holders[gets][record.id or -line] = short(record.name or given[0][1])
    if had is not None and record.id is not None:
        directory.holders[had].pop(record.id, None)


def _refuse_seat_of_the_desk(
    directory: Directory, record: Record, known: Known | None, given: tuple[Identity, ...]
) -> None:
    before = {
        (channel, way)
        for channel, ways in (known.identities if known else {}).items()
        for way in ways
    }
    if any(
        is_of_the_desk(channel, way, directory.of_the_desk) for channel, way in before.union(given)
    ):
        raise Wrong("seat: of the desk", who=short(record.name or given[0][1]))


def has_seat(person: Known | Record) -> bool:
    """Whether somebody has one of their organisation's seats, now or after the list."""
    return person.named and person.organisation is not None


def _several(given: Given, column: str) -> list[str]:
    ways = given.values.get(column, "").split(BETWEEN)
    return [way.strip() for way in ways if way.strip()]


def _identities(directory: Directory, given: Given) -> tuple[Identity, ...]:
    found: list[Identity] = [
        (channel, _way(directory, channel, text))
        for column, channel in WAYS.items()
        for text in _several(given, column)
    ]
    if not found:
        raise Wrong("list: no way")
    for channel, identifier in found:
        line = directory.said.line(in_one_form((channel, identifier)))
        if line is not None:
            raise Wrong("list: way twice", what=short(identifier), number=str(line))
    return tuple(dict.fromkeys(found))


def _way(directory: Directory, channel: str, text: str) -> str:
    """Returns a way as it is stored; one the desk knows somebody by as it stands there."""
    if in_one_form((channel, text)) in directory.by_identity:
        return text
    return _as_stored(directory, channel, text)


def _as_stored(directory: Directory, channel: str, text: str) -> str:
    if channel == "email":
        return mail_address(text)
    return phone_number(text, directory.region) if channel in NUMBERED else text


def _whose(directory: Directory, given: Given, identities: tuple[Identity, ...]) -> int | None:
    """Returns the contact these identities belong to. Raises Wrong when they belong to two, or to
    somebody else.
    """
    keys = {identity: in_one_form(identity) for identity in identities}
    owners = {
        one: directory.by_identity[key] for one, key in keys.items() if key in directory.by_identity
    }
    if len(set(owners.values())) > 1:
        whose = ", ".join(
            f"“{short(what)}”: {short(directory.people[o].name)}"
            for (_c, what), o in owners.items()
        )
        raise Wrong("list: two people", whose=whose)
    if not owners:
        return None
    contact = next(iter(owners.values()))
    if line := directory.said.line(contact):
        raise Wrong("list: same person", number=str(line))
    _refuse_namesakes(directory.people[contact], given, owners)
    return contact


def _refuse_namesakes(known: Known, given: Given, owners: dict[Identity, int]) -> None:
    """A number that a person of another name or PEN has is not proof that they are the same."""
    pens, has = _several(given, "pen"), known.identities.get("pen")
    other_pen = pens and has and has.isdisjoint(pens)
    only_phone = {channel for channel, _identifier in owners}.issubset(NUMBERED)
    other_name = (
        given.values.get("name")
        and known.name
        and given.values["name"].lower() != as_read(known.name).lower()
    )
    if other_pen or (only_phone and other_name):
        what = ", ".join(identifier for _channel, identifier in owners)
        raise Wrong(
            "list: way taken", what=short(what), name=short(known.name) or Word("somebody else")
        )


def _record(
    directory: Directory, given: Given, identities: tuple[Identity, ...], known_id: int | None
) -> Record:
    if known_id is not None:
        given = _said_anew(directory, given, directory.people[known_id])
    values = given.values
    organisation = _organisation(directory, values.get("organisation", ""))
    before = _newcomer(directory, organisation) if known_id is None else directory.people[known_id]
    own = {name: values[name] for name in ATTRIBUTES if values.get(name)}
    named, language, zone = values.get("named"), values.get("language"), values.get("zone")
    return Record(
        id=known_id,
        name=values.get("name") or before.name,
        organisation=organisation or before.organisation,
        named=yes_or_no(named, "named") if named else before.named,
        language=_language(language) if language else before.language,
        zone=zone_name(zone) if zone else before.zone,
        attributes=before.attributes | own | dict(given.others),
        identities=tuple(i for i in identities if in_one_form(i) not in directory.by_identity),
    )


def _newcomer(directory: Directory, organisation: int | None) -> Known:
    """Somebody new: of an organisation without a seat, else speaking for themselves."""
    return Known("", None, not organisation, directory.usual_language, "", {})


def _differs(known: Known, record: Record) -> bool:
    before = (
        known.name,
        known.organisation,
        known.named,
        known.language,
        known.zone,
        known.attributes,
    )
    after = (
        record.name,
        record.organisation,
        record.named,
        record.language,
        record.zone,
        record.attributes,
    )
    return before != after or bool(record.identities)


def _organisation(directory: Directory, name: str) -> int | None:
    if not name:
        return None
    found = directory.organisations.get(as_called(name))
    if found is None:
        raise Wrong("list: no organisation", name=short(name))
    return found


def _language(text: str) -> str:
    code = text.strip().lower()
    if code not in dict(settings.LANGUAGES):
        raise Wrong("list: language", text=short(text), known=tuple(dict(settings.LANGUAGES)))
    return code
