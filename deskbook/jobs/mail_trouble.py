"""Leads learn that the mail server takes nothing from the desk: once, by the first mail it takes
again if need be.
"""

from datetime import UTC, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.email.models import MailTrouble
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.jobs.addresses import address_at
from deskbook.jobs.each import tell_each
from deskbook.people.agents import language_of
from deskbook.people.duty import leads_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.refusals import in_words


def alert_mail_trouble(trouble_id: int, *, at: datetime | None = None) -> None:
    """Queues one mail to each lead of each desk: the server is everybody's."""
    trouble = MailTrouble.objects.get(pk=trouble_id)
    leads = [
        (helpdesk, lead)
        for helpdesk in HelpDesk.objects.order_by("pk")
        for lead in leads_of(helpdesk)
    ]
    tell_each(
        leads,
        lambda one: queue_notice(one[0], _notice(*one, trouble), at=at or datetime.now(UTC)),
    )


def _notice(helpdesk: HelpDesk, lead: Agent, trouble: MailTrouble) -> Notice:
    language = language_of(lead)
    with translation.override(language):
        since = f"{trouble.since_at:%-d %b %H:%M} UTC"
        lines = [
            _("Since %(since)s the mail server does not take the desk's mail.") % {"since": since},
            in_words(trouble.reason),
            _(
                "Nothing is lost: what waits is sent by itself when the server takes it again. It"
                " is listed here:"
            ),
            address_at(helpdesk, "/console/left-over/", show="waiting"),
        ]
        subject = _("Mail does not leave the desk")
    key = f"mail trouble {trouble.pk}"
    return Notice(key, lead.user.email, subject, "\n\n".join(lines), language, str(lead.user))
