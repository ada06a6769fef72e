"""What follows from what: one table. Of several reactions each is a job of its own, so one that
fails repeats alone.

Jobs run at least once; each of these tolerates a repeat, because what it sends is unique by its
entry.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from deskbook.engine.desk import Desk
from deskbook.jobs.alerts import alert_owner, alert_team
from deskbook.jobs.chats import settle_chats
from deskbook.jobs.choices import ask_to_decide
from deskbook.jobs.concerns import notify
from deskbook.jobs.letters import (
    acknowledge,
    carry_answer,
    carry_aside,
    remind,
    tell_of_closing,
    tell_of_delivery,
    tell_of_estimate,
    tell_of_freeze,
    tell_of_merge,
    tell_of_merge_taken_back,
    tell_of_promise,
    tell_of_redirection,
    tell_of_returned_paper,
    tell_of_severity,
    tell_of_withdrawal,
    text_number,
)
from deskbook.jobs.mirroring import followed, heard, mirror, mirror_every_kind
from deskbook.jobs.named_letters import tell_named
from deskbook.jobs.new_requester import tell_new_requester
from deskbook.jobs.rosters import assign_on_duty
from deskbook.jobs.told_times import tell_of_moved_answer
from deskbook.jobs.visit_alerts import alert_deciding_team, alert_visitors
from deskbook.jobs.visit_letters import tell_of_visit
from deskbook.people.books import desk_at
from deskbook.people.prepared import Prepared
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.what_follows import Alert, Follows, called_for, write_in

FOLLOWS: Mapping[str, Follows] = {
    "Opened": Follows(letters=(acknowledge, tell_named), said_by="requester"),
    "Imported": Follows(),
    "Answered": Follows(
        concerns="answered",
        letters=(carry_answer,),
        also=(
            notify,
            mirror,
        ),
        is_always_told=True,
        told="all",
        said_by="desk",
    ),
    "AnsweredElsewhere": Follows(
        concerns="answered",
        also=(
            notify,
            mirror,
        ),
        said_by="desk",
    ),
    "Noted": Follows(concerns="mentioned", also=(notify,)),
    "CustomerWrote": Follows(
        concerns="wrote",
        letters=(alert_owner,),
        also=(
            notify,
            mirror,
        ),
        alert=Alert(_("The requester wrote on %(number)s"), lists_mark_it=True),
        said_by="requester",
    ),
    "WroteAside": Follows(letters=(carry_aside,)),
    "OutsiderWrote": Follows(
        concerns="wrote",
        also=(notify,),
        letters=(alert_owner,),
        alert=Alert(
            _("%(who)s, who takes no part in it, wrote on %(number)s"),
            lists_mark_it=True,
            quotes="message",
        ),
    ),
    "Acknowledged": Follows(letters=(text_number,)),
    "InformationRequested": Follows(),
    "Assigned": Follows(
        concerns="assigned",
        also=(notify,),
        letters=(alert_owner,),
        alert=Alert(_("%(number)s is yours now")),
    ),
    "TeamArrived": Follows(
        letters=(alert_team, tell_named),
        also=(assign_on_duty, mirror),
        alert=Alert(_("%(number)s arrived at your team")),
    ),
    "StageChanged": Follows(letters=(ask_to_decide,), also=(mirror,), moves=True),
    "Categorised": Follows(),
    "SeverityClaimed": Follows(),
    "SeverityVerified": Follows(letters=(tell_of_severity,)),
    "Promised": Follows(letters=(tell_of_promise,), is_always_told=True, told="requester"),
    "PromiseKept": Follows(),
    "PromiseWithdrawn": Follows(
        letters=(tell_of_withdrawal,), is_always_told=True, told="requester"
    ),
    "NextUpdateAgreed": Follows(),
    "AimPassed": Follows(
        letters=(alert_owner,),
        alert=Alert(_("%(number)s: the %(clock)s clock has passed its aim"), cannot_wait=True),
    ),
    "LimitBreached": Follows(
        letters=(alert_owner, tell_named),
        alert=Alert(_("%(number)s: the %(clock)s clock is over its limit"), cannot_wait=True),
    ),
    "ReminderDue": Follows(letters=(remind,)),
    "ReminderSent": Follows(),
    "ReminderCameBack": Follows(),
    "CannotBeReached": Follows(
        letters=(alert_owner,),
        alert=Alert(_("%(number)s: the requester cannot be reached"), of_a_way=True),
    ),
    "Closed": Follows(letters=(tell_of_closing,), told="requester", also=(mirror,), moves=True),
    "Reopened": Follows(
        concerns="back",
        letters=(alert_owner,),
        also=(
            notify,
            mirror,
        ),
        alert=Alert(_("%(number)s is open again")),
        moves=True,
    ),
    "Merged": Follows(letters=(tell_of_merge,), told="all", also=(settle_chats,)),
    "Unmerged": Follows(letters=(tell_of_merge_taken_back,)),
    "Absorbed": Follows(),
    "Undone": Follows(),
    "Snoozed": Follows(),
    "Tagged": Follows(),
    "LegalHoldPlaced": Follows(),
    "LegalHoldLifted": Follows(),
    "SnoozeOver": Follows(
        concerns="back",
        also=(notify,),
        letters=(alert_owner,),
        alert=Alert(_("%(number)s is back: its snooze is over")),
    ),
    "Erased": Follows(),
    "Released": Follows(also=(settle_chats,)),
    "Linked": Follows(),
    "Unlinked": Follows(),
    "ParticipantAdded": Follows(),
    "SenderAccepted": Follows(),
    "ParticipantRemoved": Follows(also=(settle_chats,)),
    "RequesterChanged": Follows(letters=(tell_new_requester,), also=(settle_chats,)),
    "PersonParted": Follows(also=(settle_chats,)),
    "DeliveryFailed": Follows(
        letters=(alert_owner,),
        alert=Alert(_("A message of %(number)s did not arrive"), quotes="message", of_a_way=True),
    ),
    "CarriedOver": Follows(letters=(tell_of_moved_answer,)),
    "WorkedOutAnew": Follows(),
    "StepDone": Follows(),
    "StepUndone": Follows(),
    "PaperReceived": Follows(),
    "PaperReturned": Follows(
        letters=(tell_of_returned_paper,), is_always_told=True, told="requester"
    ),
    "Redirected": Follows(
        letters=(tell_of_redirection, tell_named), is_always_told=True, told="requester"
    ),
    "Held": Follows(letters=(tell_of_freeze,)),
    "PickedUp": Follows(
        concerns="back",
        also=(notify,),
        letters=(alert_owner,),
        alert=Alert(_("%(number)s is back from its freeze")),
    ),
    "EstimateOffered": Follows(letters=(tell_of_estimate,), is_always_told=True, told="requester"),
    "EstimateSigned": Follows(
        letters=(alert_owner,), alert=Alert(_("%(number)s: the estimate was signed"))
    ),
    "EstimateDeclined": Follows(
        letters=(alert_owner,), alert=Alert(_("%(number)s: the estimate was declined"))
    ),
    "WorkBooked": Follows(),
    "TimeLogged": Follows(),
    "Delivered": Follows(letters=(tell_of_delivery,), is_always_told=True, told="requester"),
    "DeliveryConfirmed": Follows(
        letters=(alert_owner,), alert=Alert(_("%(number)s: the delivery was confirmed"))
    ),
    "ChoiceMade": Follows(
        letters=(alert_owner,),
        alert=Alert(_("The requester decided on %(number)s"), quotes="message"),
    ),
    "ContactReplaced": Follows(),
    "SiteVisitAsked": Follows(
        letters=(alert_owner, alert_deciding_team),
        alert=Alert(_("%(number)s: people are asked to come")),
    ),
    "SiteVisitDecided": Follows(letters=(tell_of_visit,), told="requester"),
    "SiteVisitDated": Follows(letters=(tell_of_visit, alert_visitors), told="requester"),
    "SiteVisitAnswered": Follows(
        letters=(alert_owner, alert_visitors),
        alert=Alert(_("%(number)s: the date of the visit suits the office"), quotes="reason"),
    ),
    "SiteVisitCalledOff": Follows(letters=(tell_of_visit, alert_visitors), told="requester"),
    "SiteVisitCarriedOut": Follows(),
    "SiteVisitReported": Follows(
        letters=(alert_owner,), alert=Alert(_("%(number)s: the visit was reported"))
    ),
}
"""Kind of entry → what follows. A kind without a row fails tests/jobs/test_wake.py."""
write_in(FOLLOWS, hears=heard)


def react(ticket_id: int, first_seq: int, last_seq: int) -> None:
    """Queues one job for each reaction to the entries of one act: all of them or, if it fails,
    none.

    A reaction that is the only one is done by this job itself: nothing else would repeat with it.
    """
    entries = _ENTRIES.ask(ticket=ticket_id, first=first_seq, last=last_seq)
    jobs = [
        (job, entry.pk)
        for entry in entries
        for job in called_for(entry, _book_of(entry.ticket), entry.ticket)
    ]
    is_mirrored, is_heard = followed(ticket_id)
    if is_heard:
        jobs += [(mirror_every_kind, entry.pk) for entry in entries]
    if not is_mirrored:
        jobs = [(job, pk) for job, pk in jobs if job is not mirror]
    if len(jobs) == 1:
        [(job, entry_id)] = jobs
        job(entry_id)
        return
    with transaction.atomic():
        for job, entry_id in jobs:
            # Before the reactions to what happened since: letters leave in the order of the log.
            app.configure_task(job.__name__, queue="reactions", priority=1).defer(entry_id=entry_id)


_ENTRIES = Prepared(
    lambda ticket, first, last: (
        LogEntry.objects.filter(ticket=ticket, seq__gte=first, seq__lte=last)
        .select_related("ticket")
        .order_by("seq")
    ),
    "ticket",
    "first",
    "last",
)


def _book_of(ticket: Ticket) -> Desk:
    return desk_at(ticket.desk_id, ticket.book_version)
