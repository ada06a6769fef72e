"""What was sent leaves when its time has come; who wrote what does not is told."""

import logging
from datetime import datetime

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.people.agents import language_of
from deskbook.people.refusals import in_words
from deskbook.refusals.kept import kept
from deskbook.tickets.faults import in_short, is_of_the_database
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.sendings import leave, said_since, tell_its_page

log = logging.getLogger(__name__)


def let_leave(*, at: datetime) -> None:
    """Lets leave what is due by `at`, and holds what was overtaken by what others said."""
    due = Q(leaves_at__lte=at) | Q(ticket__seq__gt=F("known_seq"))
    waiting = Sending.objects.filter(due, held="").order_by("leaves_at", "pk")
    for number in list(waiting.values_list("pk", flat=True)):
        if held := _left(number, at):
            tell_its_page(held)
            _tell_writer(held, at)


def _left(number: int, at: datetime) -> Sending | None:
    """Lets one leave; returns it where it is held from now on. One that fails holds up no other."""
    try:
        return leave(number, at=at)
    except Exception as failure:
        if is_of_the_database(failure):
            raise
        log.exception("what was sent (%s) could not leave", number)
        failed = kept("sending: failed", words=in_short(failure))
        Sending.objects.filter(pk=number).update(held=failed)
        return Sending.objects.select_related("ticket__desk", "agent__user").get(pk=number)


def _tell_writer(sending: Sending, at: datetime) -> None:
    entry = said_since(sending).first() or sending.ticket.log.latest("seq")
    agent, ticket = sending.agent, sending.ticket
    language = language_of(agent)
    with translation.override(language):
        what = _("What you sent on %(number)s has not left") % {"number": ticket}
        quoted = "\n".join(f"> {line}" for line in sending.fields["text"].splitlines())
        where = f"{settings.DESKBOOK_SITE_URL}/console/tickets/{ticket}"
        text = "\n\n".join([what, in_words(sending.held), quoted, where])
    post = Post("held", agent.user.email, text, language, subject=what, ask_for_answer=False)
    queue_letter(entry, ticket, post, at=at)
