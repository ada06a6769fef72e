"""A small desk that texts, in English and Odia, with texts registered under DLT."""

from django.utils import timezone

from deskbook.channels.sms.models import SmsGateway
from deskbook.channels.sms.presets import FIELDS, PRESETS
from deskbook.people.books import apply_book
from deskbook.people.sealing import sealed
from tests.people_factory import BOOKS, make_desk

TEMPLATES = """
templates:
  - { for: acknowledgement, by: sms, language: en, id: "1107160000000000001", text: "Your request is {ticket}." }
  - { for: acknowledgement, by: sms, language: or, id: "1107160000000000002", text: "ଆପଣଙ୍କ ଅନୁରୋଧ ସଂଖ୍ୟା {ticket}।" }
  - { for: answer, by: sms, language: en, id: "1107160000000000003", text: "{ticket}: {text}" }
  - { for: reminder, by: sms, language: en, id: "1107160000000000004", text: "{ticket} waits for your answer." }
  - { for: closing, by: sms, language: en, id: "1107160000000000005", text: "{ticket} is closed." }
  - { for: code, by: sms, language: en, id: "1107160000000000006", text: "{code} signs you in once." }
"""


def texting_book(key="mukta"):
    book = (BOOKS / f"{key}.yaml").read_text()
    kept = [part for part in book.split("\n\n") if not part.startswith("templates:")]
    return "\n\n".join(kept) + "\n" + TEMPLATES


def texting_desk(key="mukta"):
    return make_desk(key, texting_book(key))


def connect(desk, preset, address="", **changes):
    """Connect a desk to a gateway of a kind, at an address of the tests."""
    values = {name: PRESETS[preset].values[name] for name in FIELDS}
    if address:
        values["url"] = address + "/" + values["url"].partition("://")[2].partition("/")[2]
    return SmsGateway.objects.create(
        **{
            "desk": desk,
            "preset": preset,
            "sender": "MUKTAH",
            "entity": "1101",
            "account": "acme",
            "login": "key",
            "secret": sealed("s3cret"),
            "report_token": f"token-of-{desk.key}",
            "changed_at": timezone.now(),
            **values,
            **changes,
        }
    )


def with_wording(desk, wording):
    """Put a newer book in force that has one wording more, a line of YAML."""
    book = texting_book(desk.key) + f"  - {wording}\n"
    return apply_book(desk.key, book, at=timezone.now(), by=None)
