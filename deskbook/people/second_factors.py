"""The second factor: how often it may be tried, and that a code counts once, in all processes
alike.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from structlog import get_logger

from deskbook.people.limits import forget, too_often
from deskbook.people.models import User
from deskbook.people.provider_models import ProviderAccount
from deskbook.people.sessions import end_sessions
from deskbook.people.tokens import end_tokens_of

log = get_logger(__name__)
NOTICE_JOB = "mail_security_notice"
MOST_TRIES, TRIED_WITHIN = 5, timedelta(minutes=15)
A_CODE_LASTS = timedelta(minutes=2)
"""Longer than an authenticator app shows one and its neighbours are taken (RFC 6238, 5.2)."""


class WrongFactor(ValueError):
    """A code does not do; the text says why and what to do."""


@transaction.atomic
def remove_factors(user: User, *, at: datetime) -> tuple[int, int]:
    """Takes every second factor off an account and ends its sessions and tokens, as the operator
    decides who knows that they are lost; returns how many factors and sessions. They are told by
        mail, and the log says it.
    """
    factors = Authenticator.objects.filter(user=user).delete()[0]
    sessions = end_sessions(user)
    tokens = end_tokens_of(user, at=at)
    ProviderAccount.objects.filter(user=user).delete()
    forget(f"second factor of {user.pk}")
    app.configure_task(NOTICE_JOB, queue="mail", priority=5).defer(
        user_id=user.pk, what="factors_removed"
    )
    log.warning(
        "second factors were removed by the operator",
        user=user.pk,
        factors=factors,
        sessions=sessions,
        programs=tokens,
    )
    return factors, sessions


def use_factor(user: User, code: str, *, at: datetime) -> Authenticator:
    """Returns what a code is of, an authenticator app or the recovery codes, and uses it up. Raises
    WrongFactor.

    Who types one has proved the mailbox before, so a stranger cannot use up a person's tries.
    """
    tried = f"second factor of {user.pk}"
    if too_often(tried, MOST_TRIES, TRIED_WITHIN, at=at):
        raise WrongFactor(_("Too many wrong codes. Wait a quarter of an hour, then try again."))
    known = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    plain = "".join(code.split())
    right = next((factor for factor in known if factor.wrap().validate_code(plain)), None)
    if right is None or too_often(f"used {user.pk} {plain}", 1, A_CODE_LASTS, at=at):
        raise WrongFactor(
            _("This code is wrong or was used. Type the one shown now, or a recovery code.")
        )
    right.record_usage()
    forget(tried)
    return right
