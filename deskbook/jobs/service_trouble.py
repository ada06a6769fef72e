"""Leads learn that a service of others takes nothing from the desk, because of a token, a right or
a bill.
"""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.all import connections
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.jobs.addresses import address_at
from deskbook.jobs.each import tell_each
from deskbook.people.agents import language_of
from deskbook.people.duty import leads_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.refusals import in_words


def alert_service_trouble(desk_id: int, service: str, said: str, on: str) -> None:
    """Queues one mail to each lead of the desk, once a day for a service."""
    helpdesk = HelpDesk.objects.get(pk=desk_id)
    at = datetime.now(UTC)
    key = f"{service} trouble {desk_id} {on}"
    tell_each(
        leads_of(helpdesk),
        lambda lead: queue_notice(helpdesk, _notice(helpdesk, lead, key, service, said), at=at),
    )


def _notice(helpdesk: HelpDesk, lead: Agent, key: str, service: str, said: str) -> Notice:
    language = language_of(lead)
    with translation.override(language):
        lines = [
            _("%(service)s takes nothing from the desk now, and not because of a message.")
            % {"service": service},
            in_words(said),
            _("What is queued waits, and leaves by itself when this is put right here:"),
            address_at(helpdesk, reverse(_screen_of(service))),
        ]
        subject = _("%(service)s takes nothing from the desk") % {"service": service}
    return Notice(key, lead.user.email, subject, "\n\n".join(lines), language, str(lead.user))


def _screen_of(service: str) -> str:
    known = (one.screens[service] for one in connections() if service in one.screens)
    return next(known, "console-settings")
