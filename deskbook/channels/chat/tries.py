"""Wrong statements of who one is: counted in the database, so that any number of web processes
count together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from deskbook.channels.chat.models import ChatSession, ChatTry
from deskbook.people.limits import there_is_room, too_often
from deskbook.people.models import Contact, HelpDesk

ALLOWED = 3
"""Wrong tries of one device, or of one claimed person from one network address, until it is locked.
"""
ALLOWED_A_PERSON = 30
"""Wrong tries of one claimed person from everywhere: fewer, and a stranger who knows a PEN keeps
its owner out of where they never were before.
"""
ALLOWED_AN_ADDRESS = 30
"""Wrong tries from one network address: a whole office may share it."""
FORGOTTEN_AFTER = timedelta(hours=24)
REMEMBERED = timedelta(days=90)
"""How long it is known that somebody proved who they are from a network address: what strangers try
elsewhere locks nobody out there.
"""
LOCKS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""How long it is locked the first time, the second … the last of them from then on."""
CHATS, CHATS_OF_STRANGERS, CHATS_AN_ADDRESS = 10, 20, 1_000
CHATS_WITHIN = timedelta(minutes=10)
CHATS_A_DAY, STRANGERS_A_DAY, STRANGERS_OF_A_DESK = 50, 200, 3_000
A_DAY = timedelta(days=1)
TEXT_OF_A_CHAT = 2_000_000
"""Characters a day: forty of the longest lines, or a thousand pages."""
FILES_OF_A_CHAT, FILES_OF_AN_ADDRESS, FILES_OF_A_DESK = 60_000_000, 250_000_000, 2_000_000_000
"""Bytes a day."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody comes. Neither part is kept, only a keyed hash."""

    address: str
    device: str
    """What their browser says it is: tells phones behind one address apart, no more."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Until when nobody is let in."""

    until_at: datetime


def lock_for(wrong: int, allowed: int) -> timedelta | None:
    """Returns how long the `wrong`th wrong try locks: each `allowed` tries once, longer each time;
    None: not at all.
    """
    turn, rest = divmod(wrong, allowed)
    if rest or not turn:
        return None
    return LOCKS[min(turn, len(LOCKS)) - 1]


def count_try(
    helpdesk: HelpDesk, visitor: Visitor, claimed: Iterable[tuple[str, str]], *, at: datetime
) -> Locked | None:
    """Counts a try as wrong before it is looked at, and returns the lock where there is one;
    `forgive` takes it back.

    Call it in the transaction of the check: others who try the same at once wait for its end, and
    count on.
    """
    claimed = tuple(claimed)
    counted = _keys(helpdesk, visitor, claimed)
    for kept, value in _proved_here(helpdesk, visitor, claimed):
        counted.pop(_key("person", kept, value), None)
    until = [
        found
        for key, allowed in sorted(counted.items())
        if (found := _count(helpdesk, key, allowed, at))
    ]
    return Locked(max(until)) if until else None


def forgive(
    helpdesk: HelpDesk, visitor: Visitor, claimed: Iterable[tuple[str, str]], *, at: datetime
) -> None:
    """Forgets the wrong tries of who turned out to be right; those of an address or a person from
    everywhere only count one less. From where they were right is remembered."""
    claimed = tuple(claimed)
    counted = _keys(helpdesk, visitor, claimed)
    for kept, value in _proved_here(helpdesk, visitor, claimed):
        counted.pop(_key("person", kept, value), None)  # it stays locked for everybody else
    for key in _right_keys(visitor, claimed):
        ChatTry.objects.update_or_create(
            desk=helpdesk, key=key, defaults={"last_at": at, "was_right": True}
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_chattry set wrong = case when key = any(%s) then greatest(wrong - 1,"
            " 0) else 0 end, locked_until = null where desk_id = %s and key = any(%s)",
            [
                [key for key, allowed in counted.items() if allowed != ALLOWED],
                helpdesk.pk,
                list(counted),
            ],
        )


def too_many_chats(
    helpdesk: HelpDesk, address: str, contact: Contact | None, *, at: datetime
) -> bool:
    """Counts a chat begun, and returns whether it is one too many: of a person who proved who they
    are, or from the address of one who did not. What a browser says of itself counts nothing: it
    says another thing each time.
    """
    by_all = (
        [] if contact else [(f"chats of strangers at {helpdesk.pk}", STRANGERS_OF_A_DESK, A_DAY)]
    )
    who, most, most_a_day = (
        (f"contact {contact.pk}", CHATS, CHATS_A_DAY)
        if contact
        else (f"stranger at {address}", CHATS_OF_STRANGERS, STRANGERS_A_DAY)
    )
    asked = [
        (f"chats of {helpdesk.pk} {who}", most, CHATS_WITHIN),
        (f"chats a day of {helpdesk.pk} {who}", most_a_day, A_DAY),
        (f"chats of {helpdesk.pk} from {address}", CHATS_AN_ADDRESS, CHATS_WITHIN),
        *by_all,
    ]
    return any(too_often(what, often, within, at=at) for what, often, within in asked)


def too_much_said(chat: ChatSession, address: str, text: int, files: int, *, at: datetime) -> bool:
    """Counts characters and bytes that came, and returns whether they are too much of a day; then
    none is counted.
    """
    texts = [(f"text of chat {chat.pk}", TEXT_OF_A_CHAT)]
    papers = [
        (f"files of chat {chat.pk}", FILES_OF_A_CHAT),
        (f"files of {chat.desk_id} from {address}", FILES_OF_AN_ADDRESS),
        (f"files of chats of {chat.desk_id}", FILES_OF_A_DESK),
    ]
    return not (
        there_is_room(texts, text, A_DAY, at=at)
        and (not files or there_is_room(papers, files, A_DAY, at=at))
    )


def forget_tries(*, at: datetime) -> None:
    """Deletes what counts no more: tries and chats begun that are a day old, where no lock is
    left; and after REMEMBERED where somebody was right.
    """
    tries = ChatTry.objects.filter(last_at__lt=at - FORGOTTEN_AFTER, was_right=False)
    tries.exclude(locked_until__gt=at).delete()
    ChatTry.objects.filter(last_at__lt=at - REMEMBERED, was_right=True).delete()


def _proved_here(
    helpdesk: HelpDesk, visitor: Visitor, claimed: tuple[tuple[str, str], ...]
) -> list[tuple[str, str]]:
    """Which of these somebody proved to be theirs from this address before."""
    keys = _right_keys(visitor, claimed)
    known = ChatTry.objects.filter(desk=helpdesk, key__in=keys, was_right=True)
    right = set(known.values_list("key", flat=True))
    return [keys[key] for key in keys if key in right]


def _right_keys(
    visitor: Visitor, claimed: tuple[tuple[str, str], ...]
) -> dict[str, tuple[str, str]]:
    return {
        _key("right", kept, value, visitor.address): (kept, value)
        for kept, value in claimed
        if value
    }


def _keys(
    helpdesk: HelpDesk, visitor: Visitor, claimed: Iterable[tuple[str, str]]
) -> dict[str, int]:
    counted = {
        _key("device", visitor.address, visitor.device): ALLOWED,
        _key("address", visitor.address): ALLOWED_AN_ADDRESS,
    }
    for kept, value in claimed:
        if value:
            counted[_key("person", kept, value, visitor.address)] = ALLOWED
            counted[_key("person", kept, value)] = ALLOWED_A_PERSON
    return counted


def _count(helpdesk: HelpDesk, key: str, allowed: int, at: datetime) -> datetime | None:
    """Returns until when the key is locked already; else counts, and locks what comes after."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_MORE, [helpdesk.pk, key, at, at, at - FORGOTTEN_AFTER, at])
        wrong, locked_until = cursor.fetchone()
        if locked_until and locked_until > at:
            return datetime.fromtimestamp(locked_until.timestamp(), at.tzinfo)
        lock = lock_for(wrong, allowed)
        cursor.execute(
            "update deskbook_chattry set locked_until = %s where desk_id = %s and key = %s",
            [at + lock if lock else None, helpdesk.pk, key],
        )
    return None


# A locked key counts no further: knocking at a locked door does not lock it for longer.
_ONE_MORE = """
    insert into deskbook_chattry (desk_id, key, wrong, last_at) values (%s, %s, 1, %s)
    on conflict (desk_id, key) do update set
        wrong = case
            when deskbook_chattry.locked_until > %s then deskbook_chattry.wrong
            when deskbook_chattry.last_at < %s then 1
            else deskbook_chattry.wrong + 1 end,
        last_at = %s
    returning wrong, locked_until
"""


def _key(*parts: str) -> str:
    return salted_hmac("deskbook.chat.tries", "\n".join(parts), algorithm="sha256").hexdigest()
