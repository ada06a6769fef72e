"""Contacts as a list: a directory of the people a desk helps, by mail, number or PEN."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from deskbook.engine.decide_contacts import seat_hindrance
from deskbook.engine.desk import Plan
from deskbook.people.books import desk_in_force, usual_language
from deskbook.people.changed_ways import (
    OfTheDesk,
    is_of_the_desk,
    note_changed_way,
    note_loss,
    ways_of_the_desk,
)
from deskbook.people.copying import copy_rows, take_ids_of, update_by_copy
from deskbook.people.lists.columns import (
    Given,
    Judged,
    ListColumn,
    Wrong,
    refused,
    same_line,
    short_enough,
    taken,
    yes_or_no,
)
from deskbook.people.lists.quoting import short
from deskbook.people.lists.reading import mail_address, phone_number, region_of, zone_name
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation, User
from deskbook.people.numbers import in_common
from deskbook.people.seats import holders_of_each, refuse_beyond_seats
from deskbook.refusals.refusal import Word

COLUMNS = (
    ListColumn("name", _("What the person is called."), ("full name", "nome", "employee name")),
    ListColumn("mail", _("Their mail address."), ("email", "e-mail", "email address", "correio")),
    ListColumn(
        "phone", _("Their number, with its country."), ("mobile", "telephone", "number", "telefone")
    ),
    ListColumn(
        "pen",
        _("Their number in a staff directory."),
        ("employee number", "staff number", "pen number"),
    ),
    ListColumn(
        "organisation",
        _("The organisation they belong to, as it is called here."),
        ("organization", "company"),
    ),
    ListColumn("named", _("yes: may open and close cases for it."), ("named contact",)),
    ListColumn("language", _("The language they read: en, pt, ml, hi, or."), ("idioma",)),
    ListColumn("zone", _("Their time zone, like Africa/Maputo."), ("time zone", "timezone")),
    ListColumn("office", _("Kept with the person."), ("office name",)),
    ListColumn("designation", _("Kept with the person."), ("title", "role")),
    ListColumn("department", _("Kept with the person.")),
    ListColumn("district", _("Kept with the person."), ("distrito",)),
)
ATTRIBUTES = ("office", "designation", "department", "district")
WAYS = {"mail": "email", "phone": "phone", "pen": "pen"}
"""Column → channel of the identity it is."""
Identity = tuple[str, str]


@dataclass(slots=True)
class Known:
    """A contact as the desk has it."""

    name: str
    organisation: int | None
    named: bool
    language: str
    zone: str
    attributes: dict[str, str]
    identities: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What to write: a new contact, or the row `id` with these values, and identities to add."""

    id: int | None
    name: str
    organisation: int | None
    named: bool
    language: str
    zone: str
    attributes: dict[str, str]
    identities: tuple[Identity, ...]


@dataclass(slots=True)
class Directory:
    """Everybody the desk knows, and who has come in the list so far."""

    helpdesk: HelpDesk
    usual_language: str
    region: str | None
    organisations: dict[str, int]
    people: dict[int, Known]
    by_identity: dict[Identity, int]
    of_the_desk: frozenset[str]
    """Addresses and numbers of those who work there: no line makes one a way of somebody else."""
    plans: dict[int, tuple[str, Plan | None]]
    """Organisation → what it is called, and its plan."""
    holders: dict[int, dict[int, str]]
    """Organisation → contact → who has its seats after the lines so far; someone new is minus their
    line.
    """
    seen: dict[Identity, int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    """Hash of a line → its number."""
    written: dict[int, int] = field(default_factory=dict)
    """Contact → the line that changes it."""


def judge(helpdesk: HelpDesk, lines: Iterable[Given]) -> Iterator[Judged]:
    """Returns what would become of each line; a person is known by mail, number or PEN."""
    directory = _directory(helpdesk)
    for given in lines:
        mark = hash((tuple(given.values.items()), tuple(given.others.items())))
        earlier = directory.lines.setdefault(mark, given.line)
        if earlier != given.line:
            yield same_line(given, earlier)
            continue
        try:
            yield _judged(directory, given)
        except Wrong as wrong:
            yield refused(given, wrong.refusal)


def write(helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent) -> None:
    """Writes one batch: new contacts with their sign-ins and identities, and what changed of known
    ones, who are told of what they are known by from now on.
    """
    batch = cast(list[Record], list(records))
    fresh = [record for record in batch if record.id is None]
    ids = dict(zip(map(id, fresh), take_ids_of(Contact, len(fresh)), strict=True)) if fresh else {}
    gaining = _note_lost_seats(helpdesk, batch, by)
    signs_in = _sign_ins(batch, usual_language(helpdesk), at)
    rows = [_row(helpdesk, r, r.id or ids[id(r)], signs_in, at) for r in batch]
    copy_rows([row for row, r in zip(rows, batch, strict=True) if r.id is None])
    changed = ("name", "organisation_id", "named", "language", "zone", "attributes")
    update_by_copy([row for row, r in zip(rows, batch, strict=True) if r.id is not None], changed)
    identities = [
        ContactIdentity(
            contact_id=r.id or ids[id(r)],
            desk_id=helpdesk.pk,
            channel=channel,
            identifier=identifier,
        )
        for r in batch
        for channel, identifier in r.identities
    ]
    for row, number in zip(identities, take_ids_of(ContactIdentity, len(identities)), strict=True):
        row.pk = number
    _note({r.id for r in batch if r.id is not None}, identities, by)
    copy_rows(identities)
    refuse_beyond_seats(gaining)


def _note(known: set[int], added: list[ContactIdentity], by: Agent) -> None:
    """Logs the ways added to people the desk knew, and tells them by the addresses they had
    before.
    """
    theirs = [way for way in added if way.contact_id in known]
    before: dict[int, list[str]] = {}
    mails = ContactIdentity.objects.filter(
        channel="email", contact__in={way.contact_id for way in theirs}
    )
    for contact, address in mails.order_by("pk").values_list("contact_id", "identifier"):
        before.setdefault(contact, []).append(address)
    for way in theirs:
        note_changed_way(way.contact_id, "added", way, before.get(way.contact_id, ()), by=by)


def _note_lost_seats(helpdesk: HelpDesk, batch: list[Record], by: Agent) -> set[int]:
    """Tells who loses a seat; returns the organisations of which somebody gets one."""
    after = {record.id: record for record in batch if record.id is not None}
    gaining = {(record.id, record.organisation) for record in batch if _has_seat(record)}
    seated, ours = (
        Contact.objects.filter(pk__in=after, named=True).exclude(organisation=None),
        ways_of_the_desk(helpdesk),
    )
    for contact in seated.select_related("organisation", "desk").order_by("pk"):
        if contact.organisation and (contact.pk, contact.organisation_id) not in gaining:
            note_loss(contact, "seat", contact.organisation.name, by=by, ours=ours)
        gaining.discard((contact.pk, contact.organisation_id))
    return {organisation for _contact, organisation in gaining if organisation is not None}


def rows(helpdesk: HelpDesk) -> Iterator[list[object]]:
    """Returns every contact of the desk as a line of such a list, in the order of COLUMNS."""
    everybody = Contact.objects.filter(desk=helpdesk, merged_into=None).select_related(
        "organisation"
    )
    everybody = everybody.prefetch_related("identities")
    for contact in everybody.order_by("name", "pk").iterator(2_000):
        ways: dict[str, str] = {}
        for identity in contact.identities.all():
            ways.setdefault(identity.channel, identity.identifier)
        yield [
            contact.name,
            *(ways.get(channel, "") for channel in WAYS.values()),
            contact.organisation.name if contact.organisation else "",
            "yes" if contact.named else "no",
            contact.language,
            contact.zone,
            *(contact.attributes.get(name, "") for name in ATTRIBUTES),
        ]


def _key(identity: Identity) -> Identity:
    return identity[0], in_common(*identity)


def _directory(helpdesk: HelpDesk) -> Directory:
    columns = ("pk", "name", "organisation_id", "named", "language", "zone", "attributes")
    people = {
        pk: Known(*rest)
        for pk, *rest in (
            Contact.objects.filter(desk=helpdesk).values_list(*columns).iterator(10_000)
        )
    }
    by_identity: dict[Identity, int] = {}
    found = ContactIdentity.objects.filter(desk=helpdesk).values_list(
        "contact_id", "channel", "identifier"
    )
    for contact, channel, identifier in found.iterator(10_000):
        by_identity[_key((channel, identifier))] = contact
        people[contact].identities.setdefault(channel, set()).add(identifier)
    desk, ours = desk_in_force(helpdesk), ways_of_the_desk(helpdesk)
    organisations = Organisation.objects.filter(desk=helpdesk).values_list("name", "pk", "plan")
    by_name = {name.lower(): pk for name, pk, _plan in organisations}
    return Directory(
        helpdesk,
        desk.languages[0],
        region_of(desk.zone),
        by_name,
        people,
        by_identity,
        ours,
        {pk: (name, desk.plans.get(plan)) for name, pk, plan in organisations},
        holders_of_each(helpdesk),
    )


def _judged(directory: Directory, given: Given) -> Judged:
    if given.broken:
        raise Wrong(given.broken)
    short_enough(given)
    identities = _identities(directory, given)
    known_id = _whose(directory, given, identities)
    record = _record(directory, given, identities, known_id)
    for channel, what in record.identities if known_id is not None else ():
        if is_of_the_desk(channel, what, directory.of_the_desk):
            raise Wrong(OfTheDesk(short(what)).refusal)
    record = _seated(directory, record, given, identities)
    for identity in identities:
        directory.seen[_key(identity)] = given.line
    if known_id is None:
        return taken(given, "added", record)
    directory.written[known_id] = given.line
    return taken(
        given, "changed" if _differs(directory.people[known_id], record) else "same", record
    )


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
    had = known.organisation if known and _has_seat(known) else None
    gets = record.organisation if _has_seat(record) else None
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


def _has_seat(person: Known | Record) -> bool:
    return person.named and person.organisation is not None


def _identities(directory: Directory, given: Given) -> tuple[Identity, ...]:
    found: list[Identity] = []
    if text := given.values.get("mail"):
        found.append(("email", mail_address(text)))
    if text := given.values.get("phone"):
        found.append(("phone", phone_number(text, directory.region)))
    if text := given.values.get("pen"):
        found.append(("pen", text))
    if not found:
        raise Wrong("list: no way")
    for channel, identifier in found:
        line = directory.seen.get(_key((channel, identifier)))
        if line is not None:
            raise Wrong("list: way twice", what=short(identifier), number=str(line))
    return tuple(found)


def _whose(directory: Directory, given: Given, identities: tuple[Identity, ...]) -> int | None:
    """Returns the contact these identities belong to. Raises Wrong when they belong to two, or to
    somebody else.
    """
    keys = {identity: _key(identity) for identity in identities}
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
    if contact in directory.written:
        raise Wrong("list: same person", number=str(directory.written[contact]))
    _refuse_namesakes(directory.people[contact], given, owners)
    return contact


def _refuse_namesakes(known: Known, given: Given, owners: dict[Identity, int]) -> None:
    """A number that a person of another name or PEN has is not proof that they are the same."""
    pen = given.values.get("pen")
    other_pen = pen and known.identities.get("pen") and pen not in known.identities["pen"]
    only_phone = {channel for channel, _identifier in owners} == {"phone"}
    other_name = (
        given.values.get("name")
        and known.name
        and given.values["name"].lower() != known.name.lower()
    )
    if other_pen or (only_phone and other_name):
        what = ", ".join(identifier for _channel, identifier in owners)
        raise Wrong(
            "list: way taken", what=short(what), name=short(known.name) or Word("somebody else")
        )


def _record(
    directory: Directory, given: Given, identities: tuple[Identity, ...], known_id: int | None
) -> Record:
    known = directory.people[known_id] if known_id is not None else None
    values = given.values
    attributes = dict(known.attributes) if known else {}
    attributes |= {name: values[name] for name in ATTRIBUTES if values.get(name)} | dict(
        given.others
    )
    organisation = _organisation(directory, values.get("organisation", "")) or (
        known.organisation if known else None
    )
    return Record(
        id=known_id,
        name=values.get("name") or (known.name if known else ""),
        organisation=organisation,
        named=(
            yes_or_no(values["named"], "named")
            if values.get("named")
            else known.named
            if known
            else not organisation
        ),
        language=(
            _language(values["language"])
            if values.get("language")
            else known.language
            if known
            else directory.usual_language
        ),
        zone=zone_name(values["zone"]) if values.get("zone") else known.zone if known else "",
        attributes=attributes,
        identities=tuple(i for i in identities if _key(i) not in directory.by_identity),
    )


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
    found = directory.organisations.get(name.lower())
    if found is None:
        raise Wrong("list: no organisation", name=short(name))
    return found


def _language(text: str) -> str:
    code = text.strip().lower()
    if code not in dict(settings.LANGUAGES):
        raise Wrong("list: language", text=short(text), known=tuple(dict(settings.LANGUAGES)))
    return code


def _sign_ins(batch: list[Record], usual: str, at: datetime) -> dict[str, int]:
    """Returns the user of each new mail address, made where there is none: they sign in by mailed
    code.
    """
    wanted = {
        identifier: record
        for record in batch
        for channel, identifier in record.identities
        if channel == "email"
    }
    known = dict(User.objects.filter(email__in=list(wanted)).values_list("email", "pk"))
    fresh = [mail for mail in wanted if mail not in known]
    users = [
        User(
            pk=pk,
            email=mail,
            name=wanted[mail].name,
            zone=wanted[mail].zone,
            password="!",
            joined_at=at,
            language="" if wanted[mail].language == usual else wanted[mail].language,
        )
        for mail, pk in zip(fresh, take_ids_of(User, len(fresh)), strict=True)
    ]
    copy_rows(users)
    return known | {user.email: user.pk for user in users}


def _row(
    helpdesk: HelpDesk, record: Record, number: int, signs_in: dict[str, int], at: datetime
) -> Contact:
    mail = next((identifier for channel, identifier in record.identities if channel == "email"), "")
    return Contact(
        pk=number,
        desk_id=helpdesk.pk,
        organisation_id=record.organisation,
        user_id=signs_in.get(mail),
        name=record.name,
        language=record.language,
        zone=record.zone,
        named=record.named,
        attributes=record.attributes,
        created_at=at,
    )
