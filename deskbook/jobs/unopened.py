"""Leads learn that a case the book opens by itself could not be opened."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.engine.coming_round import Coming
from deskbook.engine.recurring import Recurring
from deskbook.jobs.addresses import address_at
from deskbook.people.agents import language_of
from deskbook.people.duty import leads_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused


def tell_leads_of_unopened(
    helpdesk: HelpDesk, line: Recurring, one: Coming, refused: Refused
) -> None:
    """Queues one mail to each lead of the desk, once for a case and its date."""
    at = datetime.now(UTC)
    for lead in leads_of(helpdesk):
        queue_notice(helpdesk, _notice(helpdesk, lead, line, one, refused), at=at)


def _notice(
    helpdesk: HelpDesk, lead: Agent, line: Recurring, one: Coming, refused: Refused
) -> Notice:
    language, named = language_of(lead), {"case": line.title, "day": f"{one.day:%Y-%m-%d}"}
    with translation.override(language):
        lines = [
            _("The book opens %(case)s by itself, and on %(day)s it could not.") % named,
            in_words(refused),
            _(
                "It opens by itself when what prevents it is put right within seven days. The book"
                " is here:"
            ),
            address_at(helpdesk, reverse("console-book")),
        ]
        subject = _("%(case)s of %(day)s was not opened") % named
    key = f"recurring {helpdesk.pk} {one.turn} {line.key}"[:120]
    return Notice(key, lead.user.email, subject, "\n\n".join(lines), language, str(lead.user))
