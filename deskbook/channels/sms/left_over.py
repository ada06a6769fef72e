"""Texts that are left over for a person: not delivered, or not taken in."""

from datetime import datetime

from django.utils.translation import gettext, gettext_lazy

from deskbook.channels.sms.held import (
    not_delivered,
    not_taken_in,
    send_again,
    send_waiting,
    waiting_texts,
)
from deskbook.channels.sms.incoming import take_in_row
from deskbook.channels.sms.models import IncomingText, TextMessage
from deskbook.delivery import inbox, outbox
from deskbook.delivery.left_over import Beginning, Shown, Sort, holding
from deskbook.delivery.states import Taken
from deskbook.people.models import Agent
from deskbook.tickets.models import Message


def _text(text: TextMessage) -> Shown:
    """A sign-in code is for its reader alone."""
    return Shown(text.number, gettext("(a sign-in code)") if text.purpose == "code" else text.text)


def _file(text: IncomingText, message: Message, agent: Agent, at: datetime) -> None:
    text.state, text.reason, text.ticket = Taken.DONE, "", message.ticket
    text.save(update_fields=["state", "reason", "ticket"])


LEFT_OVER = (
    Sort(
        key="text-out",
        title=gettext_lazy("Texts not delivered"),
        icon="phone",
        at="queued_at",
        rows=lambda agent: not_delivered(agent.desk),
        find=holding("number"),
        shows=_text,
        again=lambda text, agent, at: send_again(text, at=at),
        drop=lambda text, agent, at, why: outbox.drop(
            TextMessage.objects.filter(pk=text.pk), at=at, by=agent, why=why
        ),
        waiting=lambda agent: waiting_texts(agent.desk),
        try_now=lambda agent, at: send_waiting(agent.desk, at=at),
    ),
    Sort(
        key="text-in",
        title=gettext_lazy("Texts not taken in"),
        icon="phone",
        at="came_at",
        rows=lambda agent: not_taken_in(agent.desk),
        find=holding("number", "text"),
        shows=lambda text: Shown(text.number, text.text),
        again=lambda text, agent, at: take_in_row(text, at=at),
        drop=lambda text, agent, at, why: inbox.drop(
            IncomingText.objects.filter(pk=text.pk), by=agent, why=why
        ),
        take_back=inbox.take_back,
        begins=lambda text, agent: Beginning(text.number, text.text, "sms"),
        file=_file,
        left_out=lambda agent: IncomingText.objects.filter(
            desk=agent.desk_id, state__in=(Taken.IGNORED, Taken.DROPPED)
        ).select_related("ticket__desk"),
    ),
)
