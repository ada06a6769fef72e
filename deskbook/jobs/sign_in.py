"""Mails of the sign-in. They leave from here, so that no page waits for a mail server or tells who
is known.
"""

import smtplib
from contextlib import closing
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_noop
from structlog import get_logger

from deskbook.channels.email.letter_html import letter_html
from deskbook.channels.email.signing import headers_of_account_mail
from deskbook.channels.email.smtp import no_such_address
from deskbook.engine.addresses import ascii_address
from deskbook.people.access import agents_by_desk
from deskbook.people.account_models import CodeAsked
from deskbook.people.accounts import in_groups
from deskbook.people.agents import language_of
from deskbook.people.contacts import give_sign_ins
from deskbook.people.mailed_codes import GOOD_FOR, make_code
from deskbook.people.models import Agent, Contact, User

_log = get_logger(__name__)


class TryAgain(Exception):
    """The mail server did not take the mail; the job is to be tried again."""


def mail_code(asked_id: int, *, at: datetime | None = None) -> None:
    """Mails a fresh code to who asked for one, if a desk knows them; nothing once it would come too
    late.

    For a stranger it opens the connection just so: whether mail leaves must not tell who is known.
    Raises TryAgain.
    """
    at = at or datetime.now(UTC)
    this = CodeAsked.objects.filter(pk=asked_id)
    asked = this.filter(asked_at__gt=at - GOOD_FOR).exclude(address="").first()
    if asked is None:
        return
    try:
        with closing(get_connection()) as connection:
            connection.open()
            _mail(asked, connection)
    except (OSError, smtplib.SMTPException) as failure:
        if not no_such_address(failure):  # nobody would read it, however often it is tried
            this.update(failed_at=at)
            why = type(failure).__name__
            words = "a sign-in code could not be mailed"
            _log.warning(words, server=settings.EMAIL_HOST, why=why)
            raise TryAgain(why) from None
    this.update(address="", sent_at=at, failed_at=None)


HAPPENED = {
    "totp_activated": gettext_noop("An authenticator app was added to your account."),
    "totp_deactivated": gettext_noop("The authenticator app was removed from your account."),
    "recovery_codes_generated": gettext_noop("New recovery codes were made for your account."),
    "webauthn_added": gettext_noop("A passkey was added to your account."),
    "webauthn_removed": gettext_noop("A passkey was removed from your account."),
    "factors_removed": gettext_noop(
        "The operator removed the second factors from your account and signed you out."
    ),
    "provider_tied": gettext_noop(
        "Somebody signed in to your account by the sign-in provider for the first time."
    ),
    "token_made": gettext_noop("An API token was made that acts for you."),
    "signed_out": gettext_noop("You were signed out everywhere."),
}


def mail_security_notice(user_id: int, what: str) -> None:
    """Tells somebody what changed about how they get in, in their language; a mail that fails is
    tried again.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None or what not in HAPPENED:
        return
    with translation.override(user.language or _usual_language(user)):
        happened = gettext(HAPPENED[what])
        site = settings.DESKBOOK_SITE_URL
        context = {"happened": happened, "address": site + reverse("security")}
        text = render_to_string("account/email/notice_message.txt", context).strip()
        letter = _letter(happened, text, user.email)
    _send(letter)


def _usual_language(user: User) -> str:
    """The language of somebody who chose none: the one they work in, else the one a desk writes to
    them in.
    """
    if agents := agents_by_desk(user):
        return language_of(agents[0])
    return (
        Contact.objects.filter(user=user).order_by("pk").values_list("language", flat=True).first()
        or "en"
    )


CHANGED = {
    "added": gettext_noop(
        "%(who)s of %(desk)s added “%(way)s” to what you are known by. Whoever has it is you to the"
        " desk."
    ),
    "taken away": gettext_noop("%(who)s of %(desk)s took “%(way)s” off what you are known by."),
    "seat": gettext_noop(
        "%(who)s of %(desk)s took your seat away: you are no named contact of “%(way)s” any more."
    ),
    "case": gettext_noop(
        "%(who)s of %(desk)s made case %(way)s somebody else’s: it is not yours any more."
    ),
}
KNOWN_BY = gettext_noop("What %(desk)s knows you by has changed")
LOST = {
    "seat": gettext_noop("You are no named contact any more at %(desk)s"),
    "case": gettext_noop("A case of yours at %(desk)s is somebody else’s now"),
}


def mail_way_notice(contact_id: int, address: str, change: str, way: str, by_id: int) -> None:
    """Tells whoever has `address` that a person of the desk added or took away a way they are known
    by, or gave a seat or a case of theirs to another; `way` is which.
    """
    contact = Contact.objects.get(pk=contact_id)
    by = Agent.objects.select_related("user", "desk").get(pk=by_id)
    user = User.objects.filter(email=address).first()
    with translation.override((user and user.language) or contact.language or "en"):
        named = {"who": by.user, "desk": by.desk, "way": way}
        subject = gettext(LOST.get(change, KNOWN_BY)) % named
        words = gettext(CHANGED[change])
        text = "\n\n".join([words % named, gettext("If this is not right, tell the desk at once.")])
        text = f"{text}\n\n    {settings.DESKBOOK_SITE_URL}{reverse('front')}\n"
        letter = _letter(subject, text, address)
    _send(letter)


def _send(letter: EmailMultiAlternatives) -> None:
    try:
        letter.send()
    except (OSError, smtplib.SMTPException) as failure:
        if not no_such_address(failure):
            raise TryAgain(type(failure).__name__) from None


def _mail(asked: CodeAsked, connection: BaseEmailBackend) -> None:
    user = give_sign_ins(asked.address)
    if user is None or not user.is_active:
        return
    code = in_groups(make_code(asked, user))
    with translation.override(asked.language):
        subject, text = (_in_words(part, code) for part in ("subject", "message"))
        letter = _letter(subject, text, asked.address)
    letter.connection = connection
    letter.send()


def _letter(subject: str, text: str, address: str) -> EmailMultiAlternatives:
    """In the language in force."""
    headers = headers_of_account_mail()
    letter = EmailMultiAlternatives(subject, text, to=[ascii_address(address)], headers=headers)
    language = get_language() or "en"
    html = letter_html(text, desk="Deskbook", subject=subject, language=language)
    letter.attach_alternative(html, "text/html")
    return letter


def _in_words(part: str, code: str) -> str:
    return render_to_string(f"account/email/login_code_{part}.txt", {"code": code}).strip()
