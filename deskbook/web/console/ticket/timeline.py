"""Everything that happened to a ticket, in order: what people wrote, and one sentence for the
rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deskbook.channels.email.copied import asked_at
from deskbook.delivery.what_became import Delivery
from deskbook.engine.desk import Desk
from deskbook.jobs.deliveries import deliveries_elsewhere
from deskbook.people.models import Agent, Contact, User
from deskbook.people.refusals import in_words
from deskbook.tickets.going_on import absorbed_by
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.state import entry_of
from deskbook.tickets.thread import Done, Said, said_on_numbers
from deskbook.web.carried_mails import (
    CarriedMail,
    File,
    carried_mails,
    files_shown,
    pictures_shown,
)
from deskbook.web.console.shared.deliveries import Fate, fate_of
from deskbook.web.console.ticket.originals import ORIGINAL
from deskbook.web.console.ticket.story import story_of
from deskbook.web.console.ticket.story_pages import Before, page_of
from deskbook.web.mail_html import desks_own, mail_html
from deskbook.web.sentences import sentence
from deskbook.web.told import Names, Told, channel_icon, channel_title

SHOWN = 120
"""Entries on one page: no story makes a page that costs more than so many."""
WHOLE_AT_ONCE = 20
"""Entries read at once where nothing of them is cut, however long they are."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: an event with `text` and `icon`, or a message with an author."""

    kind: str
    at: datetime | None = None
    seq: int | str = 0
    text: str = ""
    icon: str = ""
    tone: str = ""
    url: str = ""
    author: str = ""
    whence: str = ""
    what: str = ""
    heading: str = ""
    html: SafeString | str = ""
    formatted: SafeString | str = ""
    """The whole of a mail as it was formatted, where only its new words are shown."""
    quoted: str = ""
    files: Sequence[File] = ()
    pictures: Sequence[File] = ()
    """Files that its HTML shows, which are not among `files` therefore."""
    carried: Sequence[CarriedMail] = ()
    """The mails that came with it as files."""
    channel: str = ""
    channel_icon: str = ""
    fate: Fate | None = None
    """What became of the messages that left with it."""
    marks: Sequence[str] = ()
    """What else a channel tells of it: a reaction, a file that is being fetched."""
    whole_url: str = ""
    """Where all of a message is that is cut here."""
    message: int = 0
    """Id of the message, 0 for an event."""
    beside: str = ""
    """Who takes no part, of what was written to or by them beside the case."""
    beside_id: str = ""
    """Of the contact that stands for them: two may have one name."""
    outsider: int | None = None
    """The contact who wrote this without taking part, and may be let in."""
    unproven: str = ""
    acceptable: bool = False
    """Its sender is not proven, and may be accepted here."""
    automatic: str = ""
    mended: Sequence[str] = ()
    """What had to be mended of a mail for it to be read, in sentences."""
    answers_at: Sequence[str] = ()
    """Addresses a mail asks for answers at, which its sender may be believed."""
    original_url: str = ""
    """Where a mail is as it came."""
    pictures_url: str = ""
    """Where a mail is with the pictures that are blocked here."""


def timeline(
    ticket: Ticket, desk: Desk, *, before: Before | None = None, whole: bool = False
) -> list[Item]:
    """Returns one page of the ticket's story, the latest last, with a link to what was before it,
    and to the newest; the `whole` of each message, or as much as a screen shows.
    """
    end, most = before or Before(), WHOLE_AT_ONCE if whole else SHOWN
    phone = desk.channel_of("phone")
    of_phone = phone.key if phone else ""
    story = story_of(ticket.pk, most + 1, before=end.seq, phone=of_phone, whole=whole)
    absorbed = _absorbed(ticket, most + 1, before=end.absorbed, whole=whole)
    rows, absorbed, earlier = page_of(story.done, absorbed, end, most)
    # More was asked for than the page shows.
    said = _spoken_of(rows, story.said) if earlier else story.said
    messages = {str(message.id): message for message in said}
    names = _names(ticket, rows, messages, story.agents)
    fates = _fates(ticket, rows, story.became)
    items = [
        item
        for row in _each_said_once(ticket, rows, before)
        for item in _told(row, desk, names, messages, fates.get(row.seq))
    ]
    items += _of_merged(absorbed, desk, messages.values())
    items.sort(key=lambda item: item.at or ticket.opened_at)
    if earlier:
        items.insert(0, _elsewhere(f"?before={earlier}", _("Show what happened before")))
    return [*items, _elsewhere("?", _("Show the newest"))] if before else items


def _elsewhere(url: str, text: str) -> Item:
    return Item("elsewhere", url=url, text=text)


def _of_merged(absorbed: Iterable[Said], desk: Desk, told: Iterable[Said]) -> Iterator[Item]:
    """Messages of tickets that were merged in, but for those this one tells itself."""
    known = {_as_said(message) for message in told}
    for message in absorbed:
        if _as_said(message) not in known:
            yield _message(message, desk, _merged_in(message))


def _fates(
    ticket: Ticket, rows: Sequence[Done], sent: Mapping[int, list[Delivery]]
) -> dict[int, Fate | None]:
    """Returns seq → what became of the messages that left with that entry."""
    if brought := [row.seq for row in rows if row.kind == "AnsweredElsewhere"]:
        sent = {**sent, **deliveries_elsewhere(ticket, brought)}
    return {seq: fate_of(of_entry) for seq, of_entry in sent.items()}


def _each_said_once(ticket: Ticket, rows: Sequence[Done], before: Before | None) -> list[Done]:
    """Leaves out that somebody wrote what counted anew when they were let in, on this page or a
    later one: it is shown by what let them in.
    """
    counted = {row.data["message"]: row.seq for row in rows if row.kind == "CustomerWrote"}
    if before and counted:
        anew = ticket.log.filter(kind="CustomerWrote", seq__gte=before.seq)
        anew = anew.filter(data__message__in=list(counted))
        counted |= dict(anew.values_list("data__message", "seq"))
    return [
        row
        for row in rows
        if row.kind != "CustomerWrote" or counted[row.data["message"]] == row.seq
    ]


def _spoken_of(rows: Iterable[Done], said: Sequence[Said]) -> Sequence[Said]:
    """Returns those messages that some row tells of: what was written, a reason, a promise."""
    told = {value for row in rows for value in row.data.values() if isinstance(value, str)}
    return [message for message in said if str(message.id) in told]


def _told(
    row: Done, desk: Desk, names: Names, messages: Mapping[str, Said], fate: Fate | None
) -> Iterable[Item]:
    entry = entry_of(row)
    said = sentence(entry.event, Told(desk, names, entry.by, arrived=_has_left(row, desk, fate)))
    message = messages.get(str(row.data.get("message") or ""))
    if message and message.kind == Message.Kind.ASIDE:
        what = said.did if row.kind == "WroteAside" else _answered_aside(message)
        aside = _message(message, desk, what, fate=fate)
        whom, of_whom = _beside(row, names)
        yield replace(aside, seq=row.seq, beside=whom, beside_id=of_whom)
    elif message and row.kind in ("Noted", "OutsiderWrote") and entry.by.kind == "contact":
        if message.outsider:  # let in, they are shown from then on by what let them in
            yield _message(message, desk, _from_outside(message), seq=row.seq)
    elif message and said.did:
        if said.is_more:
            yield Item("event", row.at, row.seq, said.text, said.icon)
        yield _message(message, desk, said.did, seq=row.seq, fate=fate)
    else:
        yield Item("event", row.at, row.seq, said.text, said.icon, said.tone, fate=fate)


def _beside(row: Done, names: Names) -> tuple[str, str]:
    """Whom the desk wrote to beside the case, or who wrote there, and the id of their thread."""
    whom = str(row.data.get("contact") or row.actor.partition(":")[2])
    return names.contacts.get(whom, _("Somebody")), names.people.get(whom, whom)


def _answered_aside(message: Said) -> str:
    if message.automatic:
        return _("answered by a machine, beside the case")
    return _("answered, beside the case")


def _from_outside(message: Said) -> str:
    if message.automatic:
        return _("wrote by a machine, which moves nothing")
    return _("wrote, and takes no part in this ticket")


def _has_left(row: Done, desk: Desk, fate: Fate | None) -> bool:
    """Whether the message that belongs to an entry left. An acknowledgement's is queued by a job,
    but for a chat's.
    """
    if fate is not None or row.kind != "Acknowledged":
        return fate is None or fate.has_left
    channel = desk.channels.get(str(row.data.get("channel")))
    return channel is not None and channel.kind == "chat"


DID = {
    Message.Kind.REQUEST: lambda: _("wrote"),
    Message.Kind.ANSWER: lambda: _("answered"),
    Message.Kind.NOTE: lambda: _("noted, for the desk only"),
}
"""Of a message of a merged ticket, of which only the message is shown."""


def _with_doubts(message: Said, what: str) -> str:
    """What somebody did, and what is not sure of who it was."""
    if message.unofficial:
        what = _("%(what)s, not from an official address") % {"what": what}
    if message.kept_back:
        what = _("%(what)s; who had left that one by then does not read it") % {"what": what}
    if message.unproven:
        told = {"what": what, "why": in_words(message.unproven)}
        what = _("%(what)s, sender not proven (%(why)s)") % told
    return what


def _message(
    message: Said, desk: Desk, what: str, *, seq: int | str = "", fate: Fate | None = None
) -> Item:
    author, what = message.author or _("The desk"), _with_doubts(message, what)
    channel = "" if message.kind == Message.Kind.NOTE else message.channel
    return Item(
        str(message.kind),
        message.at,
        seq or f"m{message.id}",
        desks_own(message.text),
        author=author,
        what=what,
        whence=message.whence,
        unproven=message.unproven,
        automatic=in_words(message.automatic),
        mended=[in_words(said) for said in message.mended],
        heading=f"{author} {what}",
        quoted=message.quoted,
        carried=carried_mails(message.files),
        channel=channel_title(channel, desk),
        channel_icon=channel_icon(channel, desk),
        message=message.id,
        whole_url=reverse("message", args=[message.id]) if message.cut else "",
        original_url=(
            reverse("console-original", args=[message.original]) if message.original else ""
        ),
        fate=fate,
        **_formatted(message),
        **(_to_decide(message) if seq else {}),
    )


def _formatted(message: Said) -> dict[str, Any]:
    """How it was formatted: folded away where only its new words are shown."""
    html, shown = mail_html(message.html, message.files)
    folded = bool(message.quoted and message.text.strip())
    blocked = "data-remote-src" in message.html
    return {
        "formatted" if folded else "html": html,
        "files": files_shown(message.files, frozenset() if folded else shown),
        "pictures": pictures_shown(message.files, shown) if shown and not folded else (),
        "pictures_url": reverse("console-pictures", args=[message.id]) if blocked else "",
    }


def _to_decide(message: Said) -> dict[str, Any]:
    """Whom somebody may let in or believe by it; of a ticket that was merged in nobody is."""
    if message.outsider:
        return {"outsider": message.contact}
    if message.unproven:
        return {"acceptable": bool(message.contact)}
    return {"answers_at": tuple(filter(None, map(asked_at, message.mended)))}


def _merged_in(message: Said) -> str:
    """Returns what somebody did on the ticket that was merged into this one: a note stays a note
    there.
    """
    did = DID[Message.Kind(message.kind)]()
    return _("%(did)s · merged in from %(ticket)s") % {"did": did, "ticket": message.ticket}


def _as_said(message: Said) -> tuple[str, datetime, str, int | None]:
    """What a mail to two cases, and what was brought to one from the other, is the same by."""
    return message.kind, message.at, message.text, message.contact


def _absorbed(ticket: Ticket, newest: int, *, before: int, whole: bool) -> list[Said]:
    numbers = absorbed_by(ticket)
    if not numbers:
        return []
    return said_on_numbers(
        ticket.desk_id,
        numbers,
        tuple(DID),
        newest,
        before=before,
        original=ORIGINAL,
        whole=whole,
    )


def _names(
    ticket: Ticket, rows: Sequence[Done], messages: Mapping[str, Said], acted: Mapping[str, str]
) -> Names:
    """Looks up only who is not known from the ticket itself, or as one who `acted` on it."""
    agents = {**acted, **({str(ticket.owner_id): str(ticket.owner.user)} if ticket.owner else {})}
    contacts = {str(ticket.requester_id): str(ticket.requester)}
    people = {str(ticket.requester_id): str(ticket.requester.person_id)}
    if more := _in(rows, "agent", _AGENTS).difference(agents):
        found = Agent.objects.filter(pk__in=more).select_related("user")
        shown = found.only("pk", "user__name", "user__email")
        agents |= {str(agent.pk): str(agent.user) for agent in shown}
    if more := _in(rows, "contact", _CONTACTS).difference(contacts):
        others = list(Contact.objects.filter(pk__in=more))
        contacts |= {str(contact.pk): str(contact) for contact in others}
        people |= {str(contact.pk): str(contact.person_id) for contact in others}
    texts = {id_: message.text for id_, message in messages.items()}
    known = {} if "cases" in ticket.state.get("erased", ()) else contacts
    return Names(agents, known, texts, _signers(rows), people)


_AGENTS = frozenset({"owner", "recorded_by", "discarded_by", "people"})
_CONTACTS = frozenset({"contact", "requester", "leaves", "arrives", "leaving", "joining"})
"""Fields of events that hold ids, one or a list of them."""


def _in(rows: Sequence[Done], kind: str, fields: frozenset[str]) -> set[str]:
    """The ids of agents or contacts that events name or were done by."""
    found = {row.actor.partition(":")[2] for row in rows if row.actor.startswith(f"{kind}:")}
    for row in rows:
        for field in fields.intersection(row.data):
            found.update(_ids(row.data[field]))
    return found


def _ids(named: object) -> list[str]:
    """One id, several, or none; people are counted where a visit is only asked for."""
    if isinstance(named, list):
        return named
    return [named] if isinstance(named, str) and named else []


def _signers(rows: Sequence[Done]) -> dict[str, str]:
    """The addresses of who signed estimates, by account."""
    signed = [row.data.get("account") for row in rows if row.kind == "EstimateSigned"]
    if not any(signed):
        return {}
    found = User.objects.filter(pk__in=filter(None, signed)).values_list("pk", "email")
    return {str(pk): email for pk, email in found}
