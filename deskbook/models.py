"""Gathers the tables for Django; each lives with the part it belongs to."""

from deskbook.channels.all import halves
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
from deskbook.moving.models import ArticleCameFrom, CameFrom
from deskbook.people.account_models import CodeAsked, SignInCode
from deskbook.people.came_from import PersonCameFrom
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
from deskbook.people.provider_models import ProviderAccount
from deskbook.people.provisioning_models import Provisioned
from deskbook.people.roster_models import Leave, RosterNotice, Shift, Swap
from deskbook.people.session_models import Session
from deskbook.people.stopped_models import StoppedNumber
from deskbook.people.token_models import ApiRequest, ApiToken
from deskbook.people.upload_models import Upload, UploadProgress, UploadRow
from deskbook.people.wallboard_models import Wallboard
from deskbook.people.what_if_models import WhatIf
from deskbook.tickets.anew_models import CountedBy
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.course_models import Course
from deskbook.tickets.erasure_models import Erasure
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
from deskbook.tickets.notification_models import Following, Notification
from deskbook.tickets.ready_answer_models import ReadyAnswer
from deskbook.tickets.saved_search_models import SavedSearch
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.untold_models import Untold
from deskbook.tickets.visit_models import DatedVisit

_OF_WAYS_TO_OTHERS = list(halves("models"))

__all__ = [
    "Agent",
    "ApiRequest",
    "ApiToken",
    "Article",
    "ArticleAct",
    "ArticleCameFrom",
    "ArticleFinding",
    "ArticleImage",
    "ArticleSlug",
    "ArticleText",
    "ArticleVersion",
    "ArticleVote",
    "Attachment",
    "Blob",
    "BookVersion",
    "CallBack",
    "CameFrom",
    "CodeAsked",
    "Command",
    "Contact",
    "ContactChange",
    "ContactIdentity",
    "ContactMerge",
    "CountedBy",
    "Course",
    "DatedVisit",
    "Draft",
    "Erasure",
    "Finding",
    "FindingTicket",
    "Following",
    "Gap",
    "HelpDesk",
    "JobFailure",
    "Leave",
    "LogEntry",
    "Message",
    "Notification",
    "Organisation",
    "Participant",
    "PersonCameFrom",
    "Place",
    "Presence",
    "ProviderAccount",
    "Provisioned",
    "QueueChange",
    "Rating",
    "Reading",
    "ReadyAnswer",
    "RosterNotice",
    "SavedSearch",
    "Sending",
    "Session",
    "Shift",
    "SignInCode",
    "SpentChallenge",
    "StoppedNumber",
    "Swap",
    "Ticket",
    "Tries",
    "Untold",
    "Upload",
    "UploadProgress",
    "UploadRow",
    "User",
    "Wallboard",
    "WhatIf",
]
