"""How a visitor's page finds its site: by the desk's key and the site's name in the address."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import segno
from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from deskbook.channels.walk_in.sites import WalkInSite, site_of
from deskbook.people.models import HelpDesk

ALL = ("en", "pt", "ml", "or", "hi")


def site_here(desk: str, site: str) -> WalkInSite:
    """Returns the site an address names. Raises Http404: no such desk, no such site, or it gives no
    tokens.
    """
    helpdesk = HelpDesk.objects.filter(key=desk).first()
    found = site_of(helpdesk, site) if helpdesk else None
    if found is None:
        raise Http404("no such site")
    return found


def languages_of(site: WalkInSite) -> list[str]:
    """Returns the five languages of visitors' pages, the desk's own first."""
    own = [code for code in site.desk.languages if code in ALL]
    return own + [code for code in ALL if code not in own]


def names_of(codes: list[str]) -> list[tuple[str, str]]:
    """Returns languages with their names in themselves."""
    spoken = dict(settings.LANGUAGES)
    return [(code, spoken[code]) for code in codes]


def address(name: str, site: WalkInSite, *more: Any) -> str:
    """Returns the whole address of a page of a site, as it stands in a QR code."""
    return settings.DESKBOOK_SITE_URL + reverse(name, args=(site.helpdesk.key, site.slug, *more))


def qr(text: str) -> SafeString:
    """Returns a QR code as SVG; dark on white in every theme, since phones read only that."""
    return mark_safe(
        segno.make(text, error="m").svg_inline(
            omitsize=True, border=2, light="white", svgclass="qr"
        )
    )


@lru_cache(maxsize=64)
def region_of(zone: str) -> str | None:
    """Returns the country whose numbers are dialled without a prefix in a zone: IN for
    Asia/Kolkata.
    """
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return next((country for country, _place, name, *_rest in rows if name == zone), None)
