"""First sign-ins by a one-time code, for people nobody has mailed yet."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from deskbook.people.account_models import SignInCode
from deskbook.people.models import Agent, Contact, HelpDesk, User

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without the letters that are read as others (Crockford)."""
LENGTH = 12
"""60 bits: nobody guesses one of a desk's codes in the two weeks they are good."""
GOOD_FOR = timedelta(days=14)


def awaiting_first_sign_in(helpdesk: HelpDesk) -> QuerySet[Agent]:
    """Returns the active seats of people who never signed in anywhere and are nobody's but this desk's.

    A code signs in as the person: for somebody known elsewhere it would open another desk to this one's leads.
    """
    elsewhere = Agent.objects.filter(user=OuterRef("user")).exclude(desk=helpdesk)
    served = Contact.objects.filter(user=OuterRef("user")).exclude(desk=helpdesk)
    seats = Agent.objects.filter(
        desk=helpdesk, is_active=True, user__is_active=True, user__last_login=None, user__is_superuser=False
    ).exclude(role=Agent.Role.OWNER)
    return seats.filter(~Exists(elsewhere), ~Exists(served)).select_related("user", "desk").order_by("user__name", "pk")


@transaction.atomic
def make_codes(agents: Sequence[Agent], *, at: datetime) -> dict[int, str]:
    """Returns a fresh code for each seat, by its id; a code made before for it stops working."""
    codes = {agent.pk: _code() for agent in agents}
    for number, code in codes.items():
        SignInCode.objects.update_or_create(
            agent_id=number,
            defaults={"code_hash": _hash(code), "made_at": at, "expires_at": at + GOOD_FOR, "used_at": None},
        )
    return codes


@transaction.atomic
def use_code(code: str, *, at: datetime) -> User | None:
    """Returns who signs in by a code, once; None when it is unknown, used, too old, or its account has ended."""
    known = SignInCode.objects.select_for_update(of=("self",), no_key=True).filter(
        Q(agent__until=None) | Q(agent__until__gt=at), code_hash=_hash(code), used_at=None, expires_at__gt=at,
        agent__is_active=True, agent__user__is_active=True, agent__user__last_login=None,
    )  # fmt: skip
    found = known.select_related("agent__user").first()
    if found is None:
        return None
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found.agent.user


def in_groups(code: str) -> str:
    """Returns a code as it is printed: "7K3M-QX4P-22ZD"."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))


def _hash(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum()).replace("O", "0").replace("I", "1").replace("L", "1")
    return salted_hmac("deskbook first sign-in", plain, algorithm="sha256").hexdigest()
