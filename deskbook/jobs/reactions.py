"""What follows from what: one table. Of several reactions each is a job of its own, so one that
fails repeats alone.

Jobs run at least once; each of these tolerates a repeat, because what it sends is unique by its
entry.
"""

from typing import Protocol

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.jobs.alerts import alert_owner, alert_team
from deskbook.jobs.chats import settle_chats
from deskbook.jobs.letters import (
    acknowledge,
    mail_acknowledgement,
    mail_answer,
    mail_closing,
    mail_delivery,
    mail_estimate,
    mail_held,
    mail_merged,
    mail_paper_returned,
    mail_promise,
    mail_redirected,
    mail_reminder,
    mail_severity,
    mail_unmerged,
)
from deskbook.jobs.mirroring import mirror, mirrored
from deskbook.jobs.new_requester import mail_new_requester
from deskbook.jobs.rosters import assign_on_duty
from deskbook.jobs.visit_alerts import alert_deciding_team, alert_visitors
from deskbook.jobs.visit_letters import mail_site_visit
from deskbook.tickets.models import LogEntry


class Reaction(Protocol):
    """What is done about one entry. Its name is that of its job: it is never changed, rows of the
    queue hold it.
    """

    __name__: str

    def __call__(self, entry_id: int) -> None: ...


REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "Opened": (acknowledge,),
    "Answered": (mail_answer, mirror),
    "AnsweredElsewhere": (mirror,),
    "Noted": (),
    "CustomerWrote": (alert_owner, mirror),
    "OutsiderWrote": (alert_owner,),
    "Acknowledged": (mail_acknowledgement,),
    "InformationRequested": (),
    "Assigned": (alert_owner,),
    "TeamArrived": (alert_team, assign_on_duty, mirror),
    "StageChanged": (mirror,),
    "Categorised": (),
    "SeverityClaimed": (),
    "SeverityVerified": (mail_severity,),
    "Promised": (mail_promise,),
    "PromiseKept": (),
    "PromiseWithdrawn": (),
    "NextUpdateAgreed": (),
    "AimPassed": (alert_owner,),
    "LimitBreached": (alert_owner,),
    "ReminderDue": (mail_reminder,),
    "ReminderSent": (),
    "ReminderCameBack": (),
    "CannotBeReached": (alert_owner,),
    "Closed": (mail_closing, mirror),
    "Reopened": (alert_owner, mirror),
    "Merged": (mail_merged,),
    "Unmerged": (mail_unmerged,),
    "Absorbed": (),
    "Released": (settle_chats,),
    "Linked": (),
    "Unlinked": (),
    "ParticipantAdded": (),
    "SenderAccepted": (),
    "ParticipantRemoved": (settle_chats,),
    "RequesterChanged": (settle_chats, mail_new_requester),
    "PersonParted": (settle_chats,),
    "DeliveryFailed": (alert_owner,),
    "CarriedOver": (),
    "WorkedOutAnew": (),
    "StepDone": (),
    "StepUndone": (),
    "PaperReceived": (),
    "PaperReturned": (mail_paper_returned,),
    "Redirected": (mail_redirected,),
    "Held": (mail_held,),
    "PickedUp": (alert_owner,),
    "EstimateOffered": (mail_estimate,),
    "EstimateSigned": (alert_owner,),
    "EstimateDeclined": (alert_owner,),
    "WorkBooked": (),
    "Delivered": (mail_delivery,),
    "DeliveryConfirmed": (alert_owner,),
    "ContactReplaced": (),
    "SiteVisitAsked": (alert_owner, alert_deciding_team),
    "SiteVisitDecided": (mail_site_visit,),
    "SiteVisitDated": (mail_site_visit, alert_visitors),
    "SiteVisitAnswered": (alert_owner, alert_visitors),
    "SiteVisitCalledOff": (mail_site_visit, alert_visitors),
    "SiteVisitCarriedOut": (),
    "SiteVisitReported": (alert_owner,),
}
"""Kind of entry → the jobs it calls for. A kind without a line fails the architecture test."""


def react(ticket_id: int, first_seq: int, last_seq: int) -> None:
    """Queues one job for each reaction to the entries of one act: all of them or, if it fails,
    none.

    A reaction that is the only one is done by this job itself: nothing else would repeat with it.
    """
    entries = LogEntry.objects.filter(ticket=ticket_id, seq__range=(first_seq, last_seq)).order_by(
        "seq"
    )
    called_for = [
        (job, pk) for pk, kind in entries.values_list("pk", "kind") for job in REACTIONS[kind]
    ]
    if any(job is mirror for job, _pk in called_for) and not mirrored(ticket_id):
        called_for = [(job, pk) for job, pk in called_for if job is not mirror]
    if len(called_for) == 1:
        [(job, entry_id)] = called_for
        job(entry_id)
        return
    with transaction.atomic():
        for job, entry_id in called_for:
            app.configure_task(job.__name__, queue="reactions").defer(entry_id=entry_id)
