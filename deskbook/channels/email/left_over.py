"""Mail that is left over for a person: held or given up on its way out, or held as it came."""

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy
from procrastinate.contrib.django import app

from deskbook.channels.email import filing
from deskbook.channels.email.held import (
    drop,
    held_mail,
    refused_mail,
    release,
    release_all,
    send_waiting,
    waiting_mail,
)
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import found_by, held_here, left_out, retry
from deskbook.channels.email.storing import RECEIVE_JOB
from deskbook.delivery import inbox
from deskbook.delivery.left_over import Shown, Sort, holding


@transaction.atomic
def _read_anew(mail: InboundMail) -> None:
    """New without its job it would stand in no list."""
    retry(mail)
    app.configure_task(RECEIVE_JOB, queue="intake").defer(inbound_id=mail.pk)


LEFT_OVER = (
    Sort(
        key="mail-out",
        title=gettext_lazy("Mail not sent"),
        icon="mail",
        at="queued_at",
        rows=held_mail,
        find=holding("recipient", "subject"),
        shows=lambda mail: Shown(mail.recipient, mail.subject),
        again=lambda mail, agent, at: release(mail, at=at, by=agent),
        drop=lambda mail, agent, at, why: drop(mail, at=at, by=agent, why=why),
        only_leads_try=True,
        all_again=lambda agent, at: release_all(agent, at=at),
        waiting=waiting_mail,
        try_now=lambda agent, at: send_waiting(agent, at=at),
        came_back=refused_mail,
    ),
    Sort(
        key="mail-in",
        title=gettext_lazy("Mail not taken in"),
        icon="mail",
        at="received_at",
        rows=lambda agent: held_here(agent).select_related("ticket__desk"),
        find=found_by,
        shows=lambda mail: Shown(
            mail.sender or mail.envelope_from,
            mail.subject or gettext("(no subject)"),
            mail.words,
            mail.mailbox or gettext("no mailbox"),
        ),
        again=lambda mail, agent, at: _read_anew(mail),
        drop=lambda mail, agent, at, why: inbox.drop(
            held_here(agent).filter(pk=mail.pk), by=agent, why=why
        ),
        take_back=inbox.take_back,
        left_out=lambda agent: left_out(agent).select_related("ticket__desk"),
        is_mail=True,
        begins=filing.begins,
        file=filing.file,
    ),
)
