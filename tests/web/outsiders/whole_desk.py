"""A desk with one of each thing there is, so that an address can be tried with an id that exists.

Rows are filled by what their columns ask for: a table that is added gets its row without a line
here. Every word of them holds the desk's mark, and nothing else does: where it is read by somebody
else, something was told.
"""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from deskbook.channels.chat.talk import hash_of
from deskbook.knowledge.models import ArticleText
from deskbook.moving.models import ArticleCameFrom, CameFrom
from deskbook.people.contacts import find_or_make_contact, give_sign_in
from deskbook.people.models import Contact, HelpDesk, Organisation, User
from deskbook.people.sealing import sealed
from deskbook.people.wallboards import hash_of as wall_hash
from deskbook.tickets.choices import choice_token
from deskbook.tickets.messages import File, Written, store_blob
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import leaving_link
from deskbook.tickets.promises import make_promise
from deskbook.tickets.ratings import rating_token
from deskbook.tickets.relations import link_tickets, merge_ticket
from deskbook.tickets.site_visits import Plan, Wish, ask_for_visit, date_visit, decide_on_visit
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.work import offer_estimate, orders_of
from deskbook.web.console.roster import feed as roster_feed
from deskbook.web.console.visits import feed as visit_feed
from deskbook.web.shared.chat_lines import link_to
from tests.people_factory import make_agent, make_desk

BOOK = """
deskbook: 1
name: {key} desk
zone: Asia/Kolkata
prefix: {prefix}
mail: [{key}@desk.example]
channels:
  email:
  portal:
  phone:
  whatsapp: {{ hours: always }}
  live chat: {{ by: chat, hours: always }}
  visit: {{ by: walk-in, hours: always }}
hours:
  always: {{ mon-sun: 00:00-24:00, default: yes }}
types:
  question:
  on-site training:
  change request:
  application: {{ papers: [letter] }}
categories:
  asked: desk
  values: {{ login: {{ steps: [look it up] }} }}
stages:
  received: {{ by hand: no }}
  being examined: {{ set by: [assignment, answering, the requester writing] }}
  waiting: {{ next: requester, set by: asking }}
  held: {{ set by: freeze }}
  replied: {{ solved: yes }}
  closed: {{ closed: yes }}
  redirected: {{ redirected: yes }}
freeze: {{ name: Nothing new, what: [change request], from: 2026-01-01, until: 2036-01-01 }}
levels: {{ L1: , L2: }}
severities: {{ normal: {{ default: yes }} }}
targets: [{{ severity: normal, respond: 1h, resolve: 2d }}]
teams:
  office: {{ level: L1 }}
  treasury: {{ level: L2 }}
routing: {{ first: office }}
hops: [{{ from: L1, to: L2 }}]
outside: {{ officials: {{ by: [phone], for: [drugs] }} }}
rosters: [{{ team: office, during: always, at least: 1 }}]
site visits: [{{ type: on-site training, decided by: office, carried out by: treasury }}]
services: {{ salary: {{ name: Salary }} }}
sites: {{ {site}: {{ visitor hours: always, counters: 2 }} }}
plans: {{ standard: {{ contacts: 1-5 }} }}
anonymous: [{{ type: question }}]
templates:
  - {{ for: acknowledgement, by: sms, language: en, id: "1", text: "Your request is {{ticket}}." }}
"""
IDS_FROM = 900_000
"""Where the ids of a foreign desk begin: each table's somewhere else, none of them anybody else's.
"""
NOT_OF_A_DESK = {"Tries", "MailTrouble", "MailGrant"}
"""Tables that hold nothing of a desk: hashes of where tries came from, that the mail server
refuses, and what lets the installation into a mailbox.
"""


@dataclass
class Whole:
    """A desk, its people by role, and what stands in addresses: name of a thing → its id, number,
    key or token.
    """

    mark: str
    site: str
    desk: HelpDesk
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    rows: dict[str, models.Model] = field(default_factory=dict)
    """Table → the row columns of others point at."""


def whole_desk(key: str, mark: str, site: str) -> Whole:
    """Return a desk with everything; `mark` stands in all that is not for everybody to read."""
    now = timezone.now()
    desk = make_desk(key, BOOK.format(key=key, site=site, prefix=key[:3].upper()))
    whole = Whole(mark, site, desk)
    _people(whole)
    _tickets(whole, now)
    for model in apps.get_app_config("deskbook").get_models():
        if model.__name__ not in {*whole.rows, *NOT_OF_A_DESK, "QueueChange"}:
            whole.rows[model.__name__] = _made(whole, model) or model.objects.create(
                **_columns(whole, model, now)
            )
    texts = {"latest": whole.rows["ArticleVersion"], "published": whole.rows["ArticleVersion"]}
    ArticleText.objects.filter(desk=desk).update(**texts)
    whole.things = _things(whole)
    return whole


def _people(whole):
    mark, desk = whole.mark, whole.desk
    seats = {
        role: make_agent(desk, f"{mark}{role}", role, ("office", "treasury"))
        for role in ("agent", "lead", "owner")
    }
    new = make_agent(desk, f"{mark}new", teams=("office",))
    ours = Organisation.objects.create(desk=desk, name=f"{mark} Schools", plan="standard")
    theirs = Organisation.objects.create(desk=desk, name="Quayside Housing", plan="standard")
    contacts = {
        "requester": _contact(desk, f"{mark} Requester", ours),
        "colleague": _contact(desk, "Dev Colleague", ours),
        "other": _contact(desk, "Farah Elsewhere", theirs),
        "merged": _contact(desk, f"{mark} Twice", ours),
    }
    Contact.objects.filter(pk=contacts["colleague"].pk).update(named=False)
    whole.people = {name: one.user for name, one in {**seats, **contacts}.items()}
    whole.rows |= {
        "HelpDesk": desk,
        "BookVersion": desk.books.get(),
        "Agent": seats["agent"],
        "User": seats["agent"].user,
        "Organisation": ours,
        "Contact": contacts["requester"],
        "ContactIdentity": contacts["requester"].identities.get(),
        "new": new,
        "merged": contacts["merged"],
        **{f"seat {role}": seat for role, seat in seats.items()},
    }


def _contact(desk, name, organisation):
    address = f"{name.replace(' ', '.').lower()}@{desk.key}-customer.example"
    contact = find_or_make_contact(desk, "email", address, name=name)
    contact.organisation = organisation
    contact.save()
    give_sign_in(contact)
    return contact


def _tickets(whole, now):
    requester, agent = whole.rows["Contact"], whole.rows["Agent"]

    def opened(what, **facets):
        files = (File(f"{whole.mark}.txt", "text/plain", f"{whole.mark} file".encode()),)
        case = NewCase(
            f"{whole.mark} {what}",
            Written(f"{whole.mark} said", files=files),
            "portal",
            facets=facets,
        )
        return open_ticket(requester, case, at=now - timedelta(hours=1), by=requester).ticket

    main, absorbed, closed = (
        opened("main", type="application"),
        opened("absorbed"),
        opened("closed"),
    )
    visit = opened("visit", type="on-site training")
    make_promise(main, f"{whole.mark} promised", now + timedelta(days=1), at=now, by=agent)
    offer_estimate(main, timedelta(hours=2), "5 INR", f"{whole.mark} estimate", at=now, by=agent)
    merge_ticket(absorbed, main, at=now, by=agent)
    link_tickets(main, closed, at=now, by=agent)
    close_ticket(closed, at=now, by=agent)
    whole.rows["Ticket"] = main
    whole.rows |= {
        "LogEntry": main.log.order_by("seq").first(),
        "Message": main.messages.order_by("pk").first(),
        "Attachment": main.messages.order_by("pk").first().attachments.get(),
        "closed": closed,
        "visit": visit,
        "absorbed": absorbed,
    }
    whole.rows["Blob"] = whole.rows["Attachment"].blob
    whole.rows["closing"] = closed.log.get(kind="Closed")
    plan = Plan(now + timedelta(days=2), now + timedelta(days=2, hours=3), (agent,), anyway=True)
    ask_for_visit(visit, Wish(14, f"{whole.mark} office"), at=now, by=requester)
    decide_on_visit(visit, True, at=now, by=agent)
    date_visit(visit, plan, at=now, by=agent)
    for ticket in (main, closed, visit):
        ticket.refresh_from_db()


def _made(whole, model):
    """Return the row a verb has made already."""
    names = {column.name: column for column in model._meta.concrete_fields}
    ticket = names.get("ticket")
    if ticket and ticket.is_relation and not ticket.null:
        return model.objects.filter(ticket__desk=whole.desk).first()
    return model.objects.filter(desk=whole.desk).first() if "desk" in names else None


def _columns(whole, model, now):
    """Return a value for each column of a table that has no default, with what SPECIAL says
    before.
    """
    values = {}
    for column in model._meta.concrete_fields:
        if column.primary_key and not column.is_relation and isinstance(column, models.AutoField):
            continue
        needed = not column.null and (not column.has_default() or column.default == "")
        if column.is_relation:
            row = whole.rows.get(column.related_model.__name__)
            if row is not None and (
                needed or column.name in {"desk", "ticket", "agent", "contact"}
            ):
                values[column.name] = row
        elif (
            needed
            and not getattr(column, "auto_now", False)
            and not getattr(column, "auto_now_add", False)
        ):
            values[column.name] = _value(whole, model, column, now)
    return values | SPECIAL.get(model.__name__, lambda _whole, _now: {})(whole, now)


#: Kind of column → what a row of it holds; the first that fits. A word holds the mark.
VALUES = (
    (ArrayField, lambda whole, model, column, now: [_value(whole, model, column.base_field, now)]),
    (models.JSONField, lambda whole, model, column, now: {"said": whole.mark}),
    (models.BinaryField, lambda whole, model, column, now: f"{whole.mark} bytes".encode()),
    (
        models.DateTimeField,
        lambda whole, model, column, now: now + timedelta(hours=2 * (column.name[0] in "ue")),
    ),
    (models.DateField, lambda whole, model, column, now: now.date()),
    (models.BooleanField, lambda whole, model, column, now: False),
    (models.IntegerField, lambda whole, model, column, now: whole.desk.pk % 30_000),
    (models.Field, lambda whole, model, column, now: _word(whole, model, column)),
)


def _value(whole, model, column, now):
    return next(made for kind, made in VALUES if isinstance(column, kind))(
        whole, model, column, now
    )


def _word(whole, model, column):
    if column.name.endswith(("_hash", "sha256", "token", "secret")):
        return hashlib.sha256(f"{whole.mark} {model.__name__} {column.name}".encode()).hexdigest()
    choices = [value for value, _title in column.choices or ()]
    return (
        choices[0]
        if choices
        else f"{whole.mark}-{model.__name__}-{column.name}"[: column.max_length]
    )


def _things(whole):
    """Return what stands for each thing in an address: ids by the name of the table, and what is no
    id.
    """
    rows, agent = whole.rows, whole.rows["seat agent"]
    main, visit = rows["Ticket"], rows["visit"]
    named = {name: str(row.pk) for name, row in rows.items() if name[0].isupper()}
    key = rows["security key"] = Authenticator.objects.create(
        user=rows["new"].user, type="webauthn", data={"name": f"{whole.mark} key"}
    )
    return named | {
        "security key": str(key.pk),
        "desk": whole.desk.key,
        "site": whole.site,
        "Ticket": str(main),
        "closed": str(rows["closed"]),
        "visited": str(visit),
        "visit": visit.dated_visits.get().visit,
        "estimate": orders_of(main)[0].id,
        "promise": state_of(main).promises[0].id,
        "file": rows["Attachment"].name,
        "token": rows["Token"].key,
        "leaving": leaving_link(main, rows["Contact"]).split("/")[-2],
        "rating": rating_token(rows["closing"], rows["Contact"]),
        "choice": choice_token(rows["closing"], rows["Contact"]),
        "article": rows["ArticleSlug"].slug,
        "picture": rows["ArticleImage"].blob_id,
        "chat copy": link_to(rows["ChatSession"].pk, 0),
        "chat file": link_to(rows["ChatSession"].pk, rows["Attachment"].pk),
        "new": str(rows["new"].pk),
        "roster feed": roster_feed.feed_url(agent).rpartition("/")[2].removesuffix(".ics"),
        "visit feed": visit_feed.feed_urls(agent)["own"].rpartition("/")[2].removesuffix(".ics"),
        "report token": rows["SmsGateway"].report_token,
        "app": rows["AppSystem"].key,
        "digit": rows["DigitDoor"].key,
        "phone": "919447000001",
        "ended": str(rows["absorbed"]),
        "wallboard": _secret("wallboard", whole),
        "from freshdesk": rows["CameFrom"].number,
        "from zendesk": _came_from("zendesk", whole, visit),
        "from jira": _came_from("jira", whole, rows["closed"]),
        "article from freshdesk": rows["ArticleCameFrom"].number,
        "article from zendesk": _article_from("zendesk", whole),
        "from django-helpdesk": _came_from("django-helpdesk", whole, rows["absorbed"]),
    }


def _came_from(source, whole, ticket):
    number = _secret(source, whole)[:8]
    CameFrom.objects.create(ticket=ticket, desk=whole.desk, source=source, number=number)
    return number


def _article_from(source, whole):
    number = _number(f"article of {source}", whole)
    article = whole.rows["Article"]
    ArticleCameFrom.objects.create(article=article, desk=whole.desk, source=source, number=number)
    return number


def _number(kind, whole):
    return str(int(_secret(kind, whole)[:8], 16))


def _secret(kind, whole):
    """What a device or a visitor would hold; only its hash is in the database."""
    return hashlib.sha256(f"{kind} of {whole.mark}".encode()).hexdigest()


#: What rows hold that their columns do not say of themselves.
SPECIAL = {
    "InboundMail": lambda whole, now: {"state": "held", "ticket": None, "message": None},
    "OutboundMail": lambda whole, now: {
        "state": "held",
        "notice_key": "",
        "entry": whole.rows["LogEntry"],
        "recipient": "someone@far.example",
    },
    "Token": lambda whole, now: {
        "code": "A001",
        "service": "salary",
        "state": "waiting",
        "follows": None,
        "key": _secret("token", whole),
    },
    "PersonCameFrom": lambda whole, now: {"agent": None},
    "SiteDay": lambda whole, now: {"site": whole.site, "numbers": {"A": 1}},
    "CameFrom": lambda whole, now: {
        "source": "freshdesk",
        "number": _secret("freshdesk", whole)[:8],
    },
    "ArticleCameFrom": lambda whole, now: {
        "source": "freshdesk",
        "number": _number("freshdesk", whole),
    },
    "Kiosk": lambda whole, now: {"site": whole.site},
    "ChatSession": lambda whole, now: {
        "state": "waiting",
        "token_hash": hash_of(_secret("chat", whole)),
        "channel": "live chat",
        "operator": None,
    },
    "ContactMerge": lambda whole, now: {"source": whole.rows["merged"], "identities": []},
    "Shift": lambda whole, now: {
        "team": "office",
        "from_at": now,
        "until_at": now + timedelta(hours=8),
    },
    "Swap": lambda whole, now: {"by": whole.rows["Agent"], "to": whole.rows["new"], "other": None},
    "Upload": lambda whole, now: {
        "what": "contacts",
        "state": "read",
        "notes": [],
        "by": whole.rows["seat lead"],
    },
    "Move": lambda whole, now: {
        "source": "csv",
        "state": "read",
        "by": whole.rows["seat lead"],
        "found": {"tickets": 1, "messages": 1, "people": 1},
        "met": [["stage", "Parked", 1, None]],
        "words": {},
        "problem": "",
    },
    "NotMoved": lambda whole, now: {"move": whole.rows["Move"], "why": "A line is broken."},
    "TextMessage": lambda whole, now: {
        "state": "failed",
        "number": "+919447000001",
        "entry": None,
        "message": None,
    },
    "IncomingText": lambda whole, now: {"state": "held", "number": "+919447000001"},
    "WhatsAppPayload": lambda whole, now: {"state": "held"},
    "JiraAct": lambda whole, now: {"state": "failed"},
    "JiraEvent": lambda whole, now: {"state": "held"},
    "WhatsAppAccount": lambda whole, now: {
        "phone_number_id": f"1{whole.desk.pk}",
        "app_secret": sealed("s3cret"),
        "token": sealed("s3cret"),
        "verify_token": sealed("s3cret"),
    },
    "SmsGateway": lambda whole, now: {
        "preset": "twilio",
        "secret": sealed("s3cret"),
        "login": "key",
    },
    "JiraLink": lambda whole, now: {
        "token": sealed("s3cret"),
        "webhook_secret": sealed("s3cret"),
        "base_url": "https://jira.example",
        "teams": [],
        "stages": {},
        "statuses": {},
        "priorities": {},
    },
    "UploadRow": lambda whole, now: {"verdict": "added", "given": {"values": {"name": whole.mark}}},
    "UploadProgress": lambda whole, now: {"upload_id": whole.rows["Upload"].pk},
    "AppSystem": lambda whole, now: {
        "key": "login-page",
        "secret": sealed("whsec_c2VjcmV0"),
        "old_secret": "",
    },
    "AppEvent": lambda whole, now: {"state": "failed", "contact": None},
    "DigitDoor": lambda whole, now: {
        "key": "field-app",
        "flavour": "campaign",
        "old_hash": "",
        "services": {},
        "places": {},
        "statuses": {},
        "people": {},
        "unsorted": [],
    },
    "DigitComplaint": lambda whole, now: {"service": {}},
    "Webhook": lambda whole, now: {"secret": sealed("whsec_c2VjcmV0"), "old_secret": ""},
    "WebhookCall": lambda whole, now: {"state": "failed"},
    "CallSource": lambda whole, now: {"secret": sealed("s3cret")},
    "Call": lambda whole, now: {"state": "missed", "number": "+919447000001", "settled_at": None},
    "SignInCode": lambda whole, now: {"agent": whole.rows["new"]},
    "Draft": lambda whole, now: {
        "user": whole.people["requester"],
        "place": f"answer {whole.rows['Ticket']}",
    },
    "Command": lambda whole, now: {
        "key": f"{whole.rows['Contact'].pk}:{'c' * 32}",
        "first_seq": 1,
        "last_seq": 1,
    },
    "CallBack": lambda whole, now: {"promise": "p1", "outcome": "", "ended_at": None},
    "Article": lambda whole, now: {"audience": "requesters"},
    "ArticleText": lambda whole, now: {
        "slug": "print-it",
        "language": "en",
        "author": whole.rows["new"],
    },
    "ArticleImage": lambda whole, now: {
        "blob": store_blob(f"drawn at {whole.site}".encode()),
        "content_type": "image/png",
    },
    "ArticleSlug": lambda whole, now: {"slug": "print-it"},
    "ArticleVersion": lambda whole, now: {
        "title": "Print it",
        "body": "Choose *Print*.",
        "keywords": "",
    },
    "Wallboard": lambda whole, now: {
        "secret_hash": wall_hash(_secret("wallboard", whole)),
        "revoked_at": None,
    },
    "Rating": lambda whole, now: {"ticket": whole.rows["closed"], "closing": whole.rows["closing"]},
}


@contextmanager
def ids_far_away():
    """Make the ids of everything made inside unlike all others, in each table and between tables.

    Sequences know no transaction: they are put back by hand, so that nobody else meets such ids.
    """
    kept = [model for model in apps.get_models() if isinstance(model._meta.pk, models.AutoField)]
    names = [f"{model._meta.db_table}_{model._meta.pk.column}_seq" for model in kept]
    with connection.cursor() as cursor:
        before = [cursor.execute(f"select last_value from {name}").fetchone()[0] for name in names]
        for number, name in enumerate(names):
            cursor.execute("select setval(%s, %s)", [name, IDS_FROM + 1_000 * number])
        yield
        for name, value in zip(names, before, strict=True):
            cursor.execute("select setval(%s, %s)", [name, value])
