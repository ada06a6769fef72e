"""Addresses of the console in mails to agents."""

from urllib.parse import urlencode

from django.conf import settings

from deskbook.people.models import HelpDesk


def address_at(helpdesk: HelpDesk, path: str, **asked: str) -> str:
    """Returns the address of a console page at this desk: who works at two would otherwise see the
    one they opened last.
    """
    return f"{settings.DESKBOOK_SITE_URL}{path}?{urlencode({'desk': helpdesk.key, **asked})}"
