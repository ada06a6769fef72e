"""Whether what somebody of the desk wrote has not left yet: nobody is closed for silence who was
not told.
"""

from deskbook.channels.all import connections
from deskbook.tickets.models import Ticket


def words_wait(ticket: Ticket) -> bool:
    """Whether a message with words to the requester is queued, or held for a person, by any way."""
    asked = (connection.has_words_for for connection in connections())
    return any(has_words_for(ticket) for has_words_for in asked if has_words_for)
