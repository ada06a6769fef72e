"""Letting in whom a sign-in provider names: only somebody a desk knows, or a rule lets in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from structlog import get_logger

from deskbook.people.access import agents_of, contacts_of
from deskbook.people.contacts import give_sign_ins, normal_identifier
from deskbook.people.models import User
from deskbook.people.people_rules import PeopleRule
from deskbook.people.provider_models import ProviderAccount
from deskbook.people.provisioning import groups_of
from deskbook.people.ruled_places import put_in_place
from deskbook.people.second_factors import NOTICE_JOB

log = get_logger(__name__)


class NotLetIn(ValueError):
    """Somebody the provider knows is not let in; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of who signed in there. `address` is empty unless it vouches for it."""

    issuer: str
    subject: str
    address: str
    name: str = ""
    groups: tuple[str, ...] = ()


def person_said(said: Said, rules: Sequence[PeopleRule], *, at: datetime) -> User:
    """Returns who signs in, after the rules have been followed; their account there is theirs from
    the first time on. Raises NotLetIn.
    """
    account = _account(said)
    address = normal_identifier("email", said.address)
    known = account.user if account else give_sign_ins(address)
    if known is not None:
        _refuse_another(known, said)
    groups = said.groups + (groups_of(known) if known else ())
    user = put_in_place(rules, known, address, said.name, groups, at=at)
    if user is None or not _may_come(user):
        raise NotLetIn(_no_one(said))
    _tie(user, said, at)
    return user


def _account(said: Said) -> ProviderAccount | None:
    known = ProviderAccount.objects.select_related("user")
    return known.filter(issuer=said.issuer, subject=said.subject).first()


def _may_come(user: User) -> bool:
    return user.is_active and (
        user.is_superuser or agents_of(user).exists() or contacts_of(user).exists()
    )


def _refuse_another(known: User, said: Said) -> None:
    """An address that another account signed in by before is not enough: it may have changed hands
    there. Nor do rules bring back whom the desk took in no more.
    """
    if not known.is_active:
        raise NotLetIn(_no_one(said))
    others = ProviderAccount.objects.filter(user=known, issuer=said.issuer)
    if others.exclude(subject=said.subject).exists():
        log.warning("a second account of the provider has an address", user=known.pk)
        raise NotLetIn(
            _(
                "Another account signed in here by your address before. Ask whoever runs the desk"
                " to let yours in instead."
            )
        )


def _tie(user: User, said: Said, at: datetime) -> None:
    """Whoever was known here before is told."""
    seen = {"user": user, "last_at": at}
    first = {**seen, "first_at": at}
    tied = ProviderAccount.objects.update_or_create(
        issuer=said.issuer, subject=said.subject, defaults=seen, create_defaults=first
    )
    if tied[1] and user.last_login is not None:
        app.configure_task(NOTICE_JOB, queue="mail", priority=5).defer(
            user_id=user.pk, what="provider_tied"
        )


def _no_one(said: Said) -> str:
    if not said.address:
        return _(
            "The address of your account there is not confirmed, so it opens nothing here. Confirm"
            " it there, or have a code mailed."
        )
    return _(
        "No desk knows you as {address}, or you work here no more. Ask the lead of your desk."
    ).format(address=said.address[:254])
