"""A mail that is to leave, and what it left to do."""

from datetime import UTC, datetime

from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.queueing import Post, queue_letter

NOW = datetime.now(UTC)


def queue(entry, purpose="answer", recipient="chitra@customer.example"):
    message = entry.ticket.messages.get() if purpose == "answer" else None
    post = Post(purpose, recipient, "Is it switched on?", "pt", "Chitra", message=message)
    return queue_letter(entry, entry.ticket, post, at=NOW)


def jobs(name):
    return ProcrastinateJob.objects.filter(task_name=name).count()
