"""The second factor: how often it may be tried, and that a code counts once, in all processes alike."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from deskbook.people.limits import forget, too_often
from deskbook.people.models import User

MOST_TRIES, TRIED_WITHIN = 5, timedelta(minutes=15)
A_CODE_LASTS = timedelta(minutes=2)
"""Longer than an authenticator app shows one and its neighbours are taken (RFC 6238, 5.2)."""


class WrongFactor(ValueError):
    """A code does not do; the text says why and what to do."""


def use_factor(user: User, code: str, *, at: datetime) -> Authenticator:
    """Returns what a code is of, an authenticator app or the recovery codes, and uses it up. Raises WrongFactor.

    Who types one has proved the mailbox before, so a stranger cannot use up a person's tries.
    """
    tried = f"second factor of {user.pk}"
    if too_often(tried, MOST_TRIES, TRIED_WITHIN, at=at):
        raise WrongFactor(_("Too many wrong codes. Wait a quarter of an hour, then try again."))
    known = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    plain = "".join(code.split())
    right = next((factor for factor in known if factor.wrap().validate_code(plain)), None)
    if right is None or too_often(f"used {user.pk} {plain}", 1, A_CODE_LASTS, at=at):
        raise WrongFactor(_("This code is wrong or was used. Type the one shown now, or a recovery code."))
    right.record_usage()
    forget(tried)
    return right
