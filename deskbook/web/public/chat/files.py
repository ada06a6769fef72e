"""What a chat's visitor fetches by a link of its own: files sent to them, and a copy of what was
said.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.transcript import Line, lines_for
from deskbook.people.access import NoAccess
from deskbook.people.moments import written
from deskbook.tickets.models import Attachment
from deskbook.web.files import sent
from deskbook.web.public.chat.visitor import Place, at_a_chat
from deskbook.web.shared.chat_lines import THE_COPY, linked
from deskbook.web.viewer import in_zone


@require_safe
@at_a_chat
def file(request: HttpRequest, place: Place, token: str, name: str) -> HttpResponse:
    """Gives a file of the chat to who has the link, for a day."""
    session, wanted = _linked(place, token)
    said = {found[0] for line in lines_for(session) for found in line.files}
    attachment = Attachment.objects.select_related("blob").filter(pk=wanted).first()
    if attachment is None or wanted not in said:
        raise NoAccess("no such file")
    return sent(attachment)


@require_safe
@at_a_chat
def copy(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Gives what was said as a text."""
    session, wanted = _linked(place, token)
    if wanted != THE_COPY:  # the link of a file opens that file, and not all that was said
        raise NoAccess("no such copy")
    with in_zone(session.zone or place.desk.zone):
        lines = [_in_words(line, session) for line in lines_for(session)]
        head = f"{place.desk.title}, {session.ticket}: {written(session.began_at, year=True)}"
    answer = HttpResponse(
        "\n".join([head, "", *lines, ""]), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = (
        content_disposition_header(True, f"{session.ticket}.txt") or "attachment"
    )
    return answer


def _in_words(line: Line, session: ChatSession) -> str:
    who = (
        _("You")
        if not line.by_desk and line.contact_id == session.contact_id
        else line.who or session.desk.title
    )
    at = f"{timezone.localtime(line.at):%H:%M}"
    return f"{at}  {who}: " + "\n       ".join(
        [*line.text.splitlines(), *(f"[{file[1]}]" for file in line.files)]
    )


def _linked(place: Place, token: str) -> tuple[ChatSession, int]:
    chat, wanted = linked(token)
    rows = ChatSession.objects.select_related("ticket__desk", "desk")
    session = rows.filter(pk=chat, desk=place.helpdesk).first()
    if session is None:
        raise NoAccess("no such chat")
    return session, wanted
