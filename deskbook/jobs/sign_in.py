"""Mails of the sign-in. They leave from here, so that no page waits for a mail server or tells who is known."""

import smtplib
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from structlog import get_logger

from deskbook.people.account_models import CodeAsked
from deskbook.people.accounts import in_groups
from deskbook.people.contacts import give_sign_ins
from deskbook.people.mailed_codes import GOOD_FOR, make_code

_log = get_logger(__name__)


class TryAgain(Exception):
    """The mail server did not take the mail; the job is to be tried again."""


def mail_code(asked_id: int, *, at: datetime | None = None) -> None:
    """Mails a fresh code to who asked for one, if a desk knows them; nothing once it would come too late.

    For a stranger it opens the connection just so: whether mail leaves must not tell who is known. Raises TryAgain.
    """
    at = at or datetime.now(UTC)
    asked = CodeAsked.objects.filter(pk=asked_id, asked_at__gt=at - GOOD_FOR).exclude(address="").first()
    if asked is None:
        return
    connection = get_connection()
    try:
        connection.open()
        try:
            _mail(asked, connection)
        finally:
            connection.close()
    except smtplib.SMTPRecipientsRefused:
        pass  # no such mailbox: nobody will read it, however often it is tried
    except (OSError, smtplib.SMTPException) as failure:
        CodeAsked.objects.filter(pk=asked_id).update(failed_at=at)
        _log.warning("a sign-in code could not be mailed", server=settings.EMAIL_HOST, why=type(failure).__name__)
        raise TryAgain(type(failure).__name__) from None
    CodeAsked.objects.filter(pk=asked_id).update(address="", sent_at=at, failed_at=None)


def _mail(asked: CodeAsked, connection: BaseEmailBackend) -> None:
    user = give_sign_ins(asked.address)
    if user is None or not user.is_active:
        return
    code = in_groups(make_code(asked, user))
    with translation.override(asked.language):
        subject, text = (_in_words(part, code) for part in ("subject", "message"))
    EmailMessage(subject, text, to=[asked.address], connection=connection).send()


def _in_words(part: str, code: str) -> str:
    return render_to_string(f"account/email/login_code_{part}.txt", {"code": code}).strip()
