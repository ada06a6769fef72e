"""Signing in by a mailed code: asking for one, and typing it.

A stranger may ask for anybody's code. So asking never undoes what was mailed before, a code is good
for longer than the longest wait for the next, and whoever asked in vain types the one their mailbox
has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from deskbook.people.account_models import CodeAsked
from deskbook.people.accounts import fresh_code, hash_of
from deskbook.people.contacts import normal_identifier
from deskbook.people.limits import forget, too_often
from deskbook.people.models import User

LENGTH = 8
"""40 bits, of which at most seven are good: at a hundred tries a second without a pause one is
found in decades.
"""
FREELY, FREELY_WITHIN = 5, timedelta(days=1)
THEN_EVERY = timedelta(hours=1)
"""So about thirty mails a day at most, whoever asks for them; counted anew once a code was typed.
"""
GOOD_FOR = THEN_EVERY + timedelta(minutes=10)
MOST_TRIES = 5
"""Wrong codes typed where one was asked for; who has used them up asks again."""
MOST_ASKED, ASKED_WITHIN = 300, timedelta(hours=1)
"""From one address of the network, behind which a whole office may sit."""
FIRST_ASKED, FIRST_WITHIN = 3, timedelta(days=1)
"""For one mail address, which its network's limit leaves alone: one person cannot keep all others
there out.
"""
MOST_FIRST_ASKED = 3_000
"""Of them within ASKED_WITHIN from one address of the network: each is a job, for addresses nobody
has as well.
"""


class AskedTooOften(Exception):
    """So many codes were asked for from one address of the network that none is mailed from there
    for now.
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a code may be typed now, and whether a mail leaves for it: else an earlier one is good
    still.
    """

    number: int
    is_mailed: bool


def ask_for_code(address: str, language: str, *, network: str, at: datetime) -> Asked:
    """Queues the mail with a code, if its turn has come, and returns where it may be typed. Raises
    AskedTooOften.

    Does the same for an address that no desk knows: only the job finds out.
    """
    address = normal_identifier("email", address)
    mark = _mark(address)
    if _is_too_much(network, mark, at):
        raise AskedTooOften(network)
    freely, hourly = _counted(mark)
    mailed = not too_often(freely, FREELY, FREELY_WITHIN, at=at) or not too_often(
        hourly, 1, THEN_EVERY, at=at
    )
    with transaction.atomic():
        kept = address if mailed else ""
        asked = CodeAsked.objects.create(mark=mark, address=kept, language=language, asked_at=at)
        if mailed:
            app.configure_task("mail_code", queue="mail", priority=10).defer(asked_id=asked.pk)
    return Asked(asked.pk, mailed)


def make_code(asked: CodeAsked, user: User) -> str:
    """Returns a code for who asked, to be mailed at once; of it only a hash is kept."""
    code = fresh_code(LENGTH)
    asked.user, asked.code_hash = user, hash_of(code)
    asked.save(update_fields=["user", "code_hash"])
    return code


def use_mailed_code(number: int, code: str, *, at: datetime) -> User | None:
    """Returns who signs in by a code, once, where it was asked for; None when it is wrong, or there
    is no try left.

    Any code that was mailed to this address and is good still will do, whoever asked for it.
    """
    mark = _mark_to_try(number, at)
    return _used(mark, code, at) if mark else None


def use_code_mailed_to(address: str, code: str, *, at: datetime) -> User | None:
    """Returns who signs in by a code, once, that was mailed to an address, wherever it was asked
    for; else None.

    No wrong one counts: a limit here would let strangers who type them keep the person out
    (LENGTH).
    """
    return _used(_mark(normal_identifier("email", address)), code, at)


def _used(mark: str, code: str, at: datetime) -> User | None:
    alive = CodeAsked.objects.filter(
        mark=mark, code_hash=hash_of(code), used_at=None, asked_at__gt=at - GOOD_FOR
    )
    found = alive.exclude(user=None).select_related("user").first()
    if found is None or not alive.filter(pk=found.pk).update(used_at=at):
        # Else another browser was first.
        return None
    forget(*_counted(mark), f"codes first asked for {mark}")
    return found.user


def has_tries_left(number: int, *, at: datetime) -> bool:
    """Whether a code may still be typed here."""
    return CodeAsked.objects.filter(
        pk=number, tries__lt=MOST_TRIES, asked_at__gt=at - GOOD_FOR
    ).exists()


def mail_does_not_leave(*, stopped_at: datetime | None, at: datetime) -> bool:
    """Whether the mail server took none of the latest codes, or no other mail when last asked
    (`stopped_at`) and no code since: told to everybody, for it says nothing of one address.
    """
    if (
        stopped_at
        and not CodeAsked.objects.filter(
            asked_at__gt=stopped_at - GOOD_FOR, sent_at__gt=stopped_at
        ).exists()
    ):
        return True
    lately = CodeAsked.objects.filter(asked_at__gt=at - GOOD_FOR).order_by("-asked_at")
    tried = lately.filter(sent_at__isnull=False) | lately.filter(failed_at__isnull=False)
    return tried.values_list("sent_at", flat=True).first() is None and tried.exists()


def _mark_to_try(number: int, at: datetime) -> str | None:
    """Counts a try before it is looked at, so that a thousand at once are five; None when all are
    used up.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_codeasked set tries = tries + 1 where id = %s and tries < %s and"
            " asked_at > %s returning mark",
            [number, MOST_TRIES, at - GOOD_FOR],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else None


def _is_too_much(network: str, mark: str, at: datetime) -> bool:
    if not too_often(f"codes first asked for {mark}", FIRST_ASKED, FIRST_WITHIN, at=at):
        return too_often(f"codes first asked from {network}", MOST_FIRST_ASKED, ASKED_WITHIN, at=at)
    return too_often(f"codes asked from {network}", MOST_ASKED, ASKED_WITHIN, at=at)


def _mark(address: str) -> str:
    return salted_hmac("deskbook mailed code", address, algorithm="sha256").hexdigest()


def _counted(mark: str) -> tuple[str, str]:
    """What decides whether a mail leaves for an address."""
    return f"codes mailed to {mark}", f"a code in an hour to {mark}"
