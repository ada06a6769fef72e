"""Owners learn days before that a mailbox will let the desk in no more, and at once when it does
not: by mail while there is mail, and on every screen of the console all the same.
"""

from datetime import UTC, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.email.connecting import users_of
from deskbook.channels.email.models import MailGrant
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.channels.email.tokens import grants_ending, renew_all
from deskbook.jobs.addresses import address_at
from deskbook.jobs.each import tell_each
from deskbook.people.agents import language_of
from deskbook.people.duty import owners_of
from deskbook.people.models import Agent, HelpDesk


def tend_mail_grants(*, at: datetime | None = None) -> None:
    """Renews what is about to end for not being used, and tells owners what ends."""
    at = at or datetime.now(UTC)
    renew_all(at=at)
    ending = {grant.user: grant for grant in grants_ending(at=at)}
    if not ending:
        return
    whom = [
        (helpdesk, owner, ending[user])
        for helpdesk in HelpDesk.objects.order_by("pk")
        for user in users_of(helpdesk)
        if user in ending
        for owner in owners_of(helpdesk)
    ]
    tell_each(whom, lambda one: queue_notice(one[0], _notice(*one), at=at))


def _notice(helpdesk: HelpDesk, owner: Agent, grant: MailGrant) -> Notice:
    language = language_of(owner)
    with translation.override(language):
        if grant.refused:
            subject = _("{mailbox} does not let the desk in")
            words = _("Its provider renews the desk's token no more ({error}).")
        else:
            subject = _("{mailbox} lets the desk in for a few days more")
            words = _("The consent that was given at its provider ends on {day}.")
        day = f"{grant.until_at:%-d %b}" if grant.until_at else ""
        lines = [
            words.format(error=grant.refused, day=day),
            _("Connect it again here:"),
            address_at(helpdesk, "/console/connections/mail/"),
        ]
    # It is renewed no more while it is refused: refused again later, it is told again.
    since_at = grant.renewed_at if grant.refused else grant.given_at
    key = f"mailbox {grant.pk} {grant.refused or day} {since_at:%Y%m%dT%H%M%S}"
    text = "\n\n".join(lines)
    subject = subject.format(mailbox=grant.user)
    return Notice(key, owner.user.email, subject, text, language, str(owner.user))
