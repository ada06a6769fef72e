"""The demo's kiosk, display and phone: this browser is let in without a code."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from deskbook.channels.walk_in.models import Kiosk
from deskbook.channels.walk_in.presence import code_of_the_day
from deskbook.channels.walk_in.sites import site_of
from deskbook.demo.past.walk_in import demo_cookie
from deskbook.people.models import HelpDesk
from deskbook.web.public.kiosk import cookie_name


@require_POST
def stand_in(request: HttpRequest, desk: str) -> HttpResponse:
    """Makes this browser the demo's kiosk or display, or a phone that has just read the code at the
    door.
    """
    kind = request.POST.get("kind", "")
    devices = Kiosk.objects.filter(desk__key=desk, revoked_at=None).order_by("number")
    found = devices.filter(kind="display" if kind == "display" else "kiosk").first()
    helpdesk = HelpDesk.objects.filter(key=desk).first()
    site = site_of(helpdesk, found.site) if helpdesk and found else None
    if found is None or site is None:
        raise Http404("no such device")
    if kind == "phone":
        code = code_of_the_day(site, at=timezone.now())
        return HttpResponseRedirect(
            reverse("token-taking", args=(desk, site.slug), query={"c": code})
        )
    answer = HttpResponseRedirect(
        reverse("display" if kind == "display" else "kiosk", args=(desk, site.slug))
    )
    answer.set_cookie(
        cookie_name(found.kind, site), demo_cookie(found), httponly=True, samesite="Strict"
    )
    return answer
