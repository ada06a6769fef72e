"""Gathers the tables for Django; each lives with the part it belongs to."""

from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue, JiraLink
from deskbook.channels.chat.models import ChatSeat, ChatSession, ChatTry
from deskbook.channels.email.models import InboundMail, MailTrouble, OutboundMail
from deskbook.channels.phone.models import Call, CallEvent, CallSource
from deskbook.channels.sms.models import IncomingText, SmsGateway, SmsReport, TextMessage
from deskbook.channels.walk_in.models import CounterSeat, Kiosk, SiteDay, Token, TokenStep
from deskbook.channels.whatsapp.models import (
    CapturedLine,
    ChatExport,
    ChatLine,
    WhatsAppAccount,
    WhatsAppIncoming,
    WhatsAppMedia,
    WhatsAppOutgoing,
    WhatsAppPayload,
    WhatsAppStatus,
    WhatsAppWindow,
)
from deskbook.jobs.failure_models import JobFailure
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
from deskbook.people.account_models import CodeAsked, SignInCode
from deskbook.people.limit_models import Tries
from deskbook.people.merge_models import ContactMerge
from deskbook.people.models import (
    Agent,
    BookVersion,
    Contact,
    ContactIdentity,
    HelpDesk,
    Organisation,
    Place,
    User,
)
from deskbook.people.roster_models import Leave, RosterNotice, Shift, Swap
from deskbook.people.session_models import Session
from deskbook.people.upload_models import Upload, UploadProgress, UploadRow
from deskbook.tickets.anew_models import CountedBy
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
from deskbook.tickets.untold_models import Untold
from deskbook.tickets.visit_models import DatedVisit

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
    "CapturedLine",
    "ChatExport",
    "ChatLine",
    "ChatSeat",
    "ChatSession",
    "ChatTry",
    "CodeAsked",
    "Command",
    "Contact",
    "ContactChange",
    "ContactIdentity",
    "ContactMerge",
    "CountedBy",
    "CounterSeat",
    "DatedVisit",
    "Draft",
    "Finding",
    "FindingTicket",
    "Gap",
    "HelpDesk",
    "InboundMail",
    "IncomingText",
    "JiraAct",
    "JiraEvent",
    "JiraIssue",
    "JiraLink",
    "JobFailure",
    "Kiosk",
    "Leave",
    "LogEntry",
    "MailTrouble",
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
    "Session",
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
    "Untold",
    "Upload",
    "UploadProgress",
    "UploadRow",
    "User",
    "WhatsAppAccount",
    "WhatsAppIncoming",
    "WhatsAppMedia",
    "WhatsAppOutgoing",
    "WhatsAppPayload",
    "WhatsAppStatus",
    "WhatsAppWindow",
]
