"""How a visitor's page finds its site: by the desk's key and the site's name in the address."""

from typing import Any

import segno
from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from deskbook.channels.walk_in.sites import WalkInSite, site_of
from deskbook.people.models import HelpDesk
from deskbook.people.prepared import Prepared
from deskbook.web.shared.languages import language_name

_DESK = Prepared(lambda key: HelpDesk.objects.filter(key=key), "key")


def site_here(desk: str, site: str) -> WalkInSite:
    """Returns the site an address names. Raises Http404: no such desk, no such site, or it gives no
    tokens.
    """
    helpdesk = _DESK.first(key=desk)
    found = site_of(helpdesk, site) if helpdesk else None
    if found is None:
        raise Http404("no such site")
    return found


def languages_of(site: WalkInSite) -> list[str]:
    """Returns the languages of visitors' pages, the desk's own first."""
    known = dict(settings.LANGUAGES)
    return list(dict.fromkeys((*(one for one in site.desk.languages if one in known), *known)))


def names_of(codes: list[str]) -> list[tuple[str, str]]:
    """Returns languages with their names in themselves."""
    return [(code, language_name(code)) for code in codes]


def address(name: str, site: WalkInSite, *more: Any) -> str:
    """Returns the whole address of a page of a site, as it stands in a QR code."""
    return settings.DESKBOOK_SITE_URL + reverse(name, args=(site.helpdesk.key, site.slug, *more))


def qr(text: str) -> SafeString:
    """Returns a QR code as SVG; dark on white in every theme, since phones read only that.

    One pattern is laid over it: to try all eight for the evenest takes four times as long, and what
    is random in an address is even under any.
    """
    code = segno.make(text, error="m", mask=3)
    return mark_safe(code.svg_inline(omitsize=True, border=2, light="white", svgclass="qr"))
