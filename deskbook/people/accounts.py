"""First sign-ins by a one-time code, for people nobody has mailed yet."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from deskbook.people.account_models import SignInCode
from deskbook.people.models import Agent, ContactIdentity, HelpDesk

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without the letters that are read as others (Crockford)."""
LENGTH = 12
"""60 bits: nobody guesses one of a desk's codes in the two weeks they are good."""
GOOD_FOR = timedelta(days=14)
LINK_GOOD_FOR = timedelta(days=1)
"""A link is followed at once, and lies about in the window it was printed in."""


def awaiting_first_sign_in(helpdesk: HelpDesk, *, at: datetime) -> QuerySet[Agent]:
    """Returns the desk's agents whom a code may sign in at `at`, by name."""
    return (
        _first_accounts(at)
        .filter(desk=helpdesk)
        .select_related("user", "desk")
        .order_by("user__name", "pk")
    )


def _first_accounts(at: datetime) -> QuerySet[Agent]:
    """The active accounts of people who never signed in anywhere and are nobody's but their desk's.

    A code signs in as the person: for somebody known elsewhere it would open another desk to this
    one's leads.
    """
    elsewhere = Agent.objects.filter(user=OuterRef("user")).exclude(desk=OuterRef("desk"))
    served = ContactIdentity.objects.filter(channel="email", identifier=OuterRef("user__email"))
    agents = (
        _accounts(at)
        .filter(user__last_login=None, user__is_superuser=False)
        .exclude(role=Agent.Role.OWNER)
    )
    return agents.filter(~Exists(elsewhere), ~Exists(served.exclude(desk=OuterRef("desk"))))


def _accounts(at: datetime) -> QuerySet[Agent]:
    return Agent.objects.filter(
        Q(until=None) | Q(until__gt=at), is_active=True, user__is_active=True
    )


@transaction.atomic
def make_codes(
    agents: Sequence[Agent],
    *,
    at: datetime,
    by_operator: bool = False,
    good_for: timedelta = GOOD_FOR,
) -> dict[int, str]:
    """Returns a fresh code for each agent, by their id; a code made before for it stops working."""
    codes = {agent.pk: fresh_code(LENGTH) for agent in agents}
    for number, code in codes.items():
        SignInCode.objects.update_or_create(
            agent_id=number,
            defaults={
                "code_hash": hash_of(code),
                "made_at": at,
                "expires_at": at + good_for,
                "used_at": None,
                "by_operator": by_operator,
            },
        )
    return codes


@transaction.atomic
def use_code(code: str, *, at: datetime) -> Agent | None:
    """Returns whom a code signs in, once; None when it is unknown, used or too old, or no code may
    open it now.

    What was looked at when it was made is looked at again: meanwhile the person may be known
    elsewhere, or own a book.
    """
    may = Q(agent__in=_first_accounts(at)) | Q(by_operator=True, agent__in=_accounts(at))
    known = SignInCode.objects.select_for_update(of=("self",), no_key=True).filter(
        may, code_hash=hash_of(code), used_at=None, expires_at__gt=at
    )
    found = known.select_related("agent__user", "agent__desk").first()
    if found is None:
        return None
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found.agent


def in_groups(code: str) -> str:
    """Returns a code as it is printed: "7K3M-QX4P-22ZD"."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def fresh_code(length: int) -> str:
    """Returns a code nobody guesses, of letters and digits that are not read as others: five bits
    each.
    """
    return "".join(secrets.choice(ALPHABET) for _n in range(length))


def hash_of(code: str) -> str:
    """Returns what is kept of a code, however it was typed: small, in groups, with an O for a
    zero.
    """
    plain = (
        "".join(c for c in code.upper() if c.isalnum())
        .replace("O", "0")
        .replace("I", "1")
        .replace("L", "1")
    )
    return salted_hmac("deskbook first sign-in", plain, algorithm="sha256").hexdigest()
