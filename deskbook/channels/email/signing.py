"""The signer of a desk: its address, its prefix, the server's secret."""

from secrets import token_hex

from django.conf import settings

from deskbook.channels.email.address import NOTICE, Signer
from deskbook.engine.addresses import ascii_address, ascii_domain
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk


def address_of_desk(helpdesk: HelpDesk) -> str:
    """Returns the address the desk writes from, in ASCII: the book's first, else the server's
    own.
    """
    known = desk_in_force(helpdesk).mail
    return ascii_address(known[0] if known else settings.DESKBOOK_MAIL_FROM).lower()


def headers_of_account_mail() -> dict[str, str]:
    """Returns what a mail about somebody's account carries: no machine answers it, and what quotes
    it is known by its Message-ID, whichever desk it comes back to.
    """
    marked = signer_of_site().message_id(NOTICE, f"n-{token_hex(8)}")
    return {
        "Message-ID": marked,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def signer_of_site() -> Signer:
    """Returns what makes and reads the Message-IDs of no desk."""
    domain = ascii_domain(settings.DESKBOOK_MAIL_FROM.rpartition("@")[2])
    return Signer(
        settings.SECRET_KEY.encode(), domain or "localhost", older_secrets=_older_secrets()
    )


def signer_for(helpdesk: HelpDesk) -> Signer:
    """Returns what makes and reads the desk's reply addresses and Message-IDs."""
    local, _, domain = address_of_desk(helpdesk).rpartition("@")
    return Signer(settings.SECRET_KEY.encode(), domain, local, helpdesk.prefix, _older_secrets())


def _older_secrets() -> tuple[bytes, ...]:
    return tuple(key.encode() for key in settings.SECRET_KEY_FALLBACKS)
