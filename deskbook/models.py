"""Gathers the tables for Django; each lives with the part it belongs to."""

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.people.models import Agent, BookVersion, Contact, ContactIdentity, HelpDesk, Organisation, User
from deskbook.tickets.models import (
    Attachment,
    Blob,
    Command,
    Draft,
    LogEntry,
    Message,
    Participant,
    Presence,
    QueueChange,
    Ticket,
)
from deskbook.web.demo.models import DemoMail

__all__ = [
    "Agent", "Attachment", "Blob", "BookVersion", "Command", "Contact", "ContactIdentity", "DemoMail", "Draft",
    "HelpDesk", "InboundMail", "LogEntry", "Message", "Organisation", "OutboundMail", "Participant", "Presence",
    "QueueChange", "Ticket", "User",
]  # fmt: skip
