"""Gathers the tables for Django; each lives with the part it belongs to."""

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.people.account_models import SignInCode, TextMessage
from deskbook.people.models import Agent, BookVersion, Contact, ContactIdentity, HelpDesk, Organisation, Place, User
from deskbook.people.roster_models import Leave, RosterNotice, Shift, Swap
from deskbook.people.upload_models import Upload, UploadProgress, UploadRow
from deskbook.tickets.improvement_models import Finding, FindingTicket, Rating
from deskbook.tickets.models import (
    Attachment,
    Blob,
    Command,
    ContactChange,
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
    "Agent", "Attachment", "Blob", "BookVersion", "Command", "Contact", "ContactChange", "ContactIdentity",
    "DemoMail", "Draft", "Finding", "FindingTicket", "HelpDesk", "InboundMail", "Leave", "LogEntry", "Message",
    "Organisation", "OutboundMail", "Participant", "Place", "Presence", "QueueChange", "Rating", "RosterNotice",
    "Shift", "SignInCode", "Swap", "TextMessage", "Ticket", "Upload", "UploadProgress", "UploadRow", "User",
]  # fmt: skip
