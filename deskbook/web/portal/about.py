"""What everybody may know of a desk, in the words of its book: no sign-in, no person's name,
nothing of a case.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.people.books import book_at, desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.web.policy.policy import policy
from deskbook.web.policy.reader import Reader
from deskbook.web.portal.reaching import ways_on
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.viewer import in_their_language, in_zone, user_of


@require_safe
@in_their_language
def about(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the policy that `deskbook publish` writes, with what is open now; when that changes is
    told in the zone of who is signed in, else in that of the hours.
    """
    helpdesk = get_object_or_404(HelpDesk, key=key)
    desk, book = desk_in_force(helpdesk), book_at(helpdesk.pk, helpdesk.book_version)
    at, user = timezone.now(), user_of(request)
    zone = user.zone if user else ""
    with in_zone(zone or desk.zone):
        outside_its_dates = outside_dates(desk, at=at)
    context = {
        "desk": desk.title,
        "about": desk.said(book.about),
        "sections": policy(Reader(desk, book, at, zone)),
        "not_now": outside_its_dates,
        "ways_on": ways_on(request, desk),
    }
    return render(request, "portal/about.html", context)
