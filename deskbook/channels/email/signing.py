"""The signer of a desk: its address, its prefix, the server's secret."""

from django.conf import settings

from deskbook.channels.email.address import Signer
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk


def address_of_desk(helpdesk: HelpDesk) -> str:
    """Returns the address the desk writes from: the book's first, else the server's own."""
    known = desk_in_force(helpdesk).mail
    return (known[0] if known else settings.DESKBOOK_MAIL_FROM).lower()


def signer_for(helpdesk: HelpDesk) -> Signer:
    """Returns what makes and reads the desk's reply addresses and Message-IDs."""
    local, _, domain = address_of_desk(helpdesk).rpartition("@")
    older = tuple(key.encode() for key in settings.SECRET_KEY_FALLBACKS)
    return Signer(settings.SECRET_KEY.encode(), domain, local, helpdesk.prefix, older)
