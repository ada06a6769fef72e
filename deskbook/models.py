"""Gathers the tables for Django; each lives with the part it belongs to."""

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.phone.models import Call, CallEvent, CallSource
from deskbook.channels.sms.models import IncomingText, SmsGateway, SmsReport
from deskbook.channels.walk_in.models import CounterSeat, Kiosk, SiteDay, Token, TokenStep, Tries
from deskbook.knowledge.models import (
    Article,
    ArticleAct,
    ArticleFinding,
    ArticleImage,
    ArticleSlug,
    ArticleText,
    ArticleVersion,
    ArticleVote,
    Gap,
    Reading,
    SpentChallenge,
)
from deskbook.people.account_models import SignInCode, TextMessage
from deskbook.people.merge_models import ContactMerge
from deskbook.people.models import Agent, BookVersion, Contact, ContactIdentity, HelpDesk, Organisation, Place, User
from deskbook.people.roster_models import Leave, RosterNotice, Shift, Swap
from deskbook.people.upload_models import Upload, UploadProgress, UploadRow
from deskbook.tickets.call_back_models import CallBack
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
    "Agent",
    "Article",
    "ArticleAct",
    "ArticleFinding",
    "ArticleImage",
    "ArticleSlug",
    "ArticleText",
    "ArticleVersion",
    "ArticleVote",
    "Attachment",
    "Blob",
    "BookVersion",
    "Call",
    "CallBack",
    "CallEvent",
    "CallSource",
    "Command",
    "Contact",
    "ContactChange",
    "ContactIdentity",
    "ContactMerge",
    "CounterSeat",
    "DemoMail",
    "Draft",
    "Finding",
    "FindingTicket",
    "Gap",
    "HelpDesk",
    "InboundMail",
    "IncomingText",
    "Kiosk",
    "Leave",
    "LogEntry",
    "Message",
    "Organisation",
    "OutboundMail",
    "Participant",
    "Place",
    "Presence",
    "QueueChange",
    "Rating",
    "Reading",
    "RosterNotice",
    "Shift",
    "SignInCode",
    "SiteDay",
    "SmsGateway",
    "SmsReport",
    "SpentChallenge",
    "Swap",
    "TextMessage",
    "Ticket",
    "Token",
    "TokenStep",
    "Tries",
    "Upload",
    "UploadProgress",
    "UploadRow",
    "User",
]  # fmt: skip
