"""Mail as a way out of the desk."""

from datetime import datetime

from deskbook.channels.contract import Outgoing
from deskbook.channels.email.letters import Post, queue_letter
from deskbook.people.contacts import address_of


def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Queues a mail to the person's first address; False when they have none."""
    address = address_of(outgoing.contact)
    if address is None:
        return False
    post = Post(
        outgoing.purpose, address, outgoing.text, outgoing.language, outgoing.contact.name, message=outgoing.message,
        ask_for_answer=outgoing.ask_for_answer, files=outgoing.files,
    )  # fmt: skip
    queue_letter(outgoing.entry, outgoing.ticket, post, at=at)
    return True
