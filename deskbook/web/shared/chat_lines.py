"""What the two screens of a chat are sent: the same by stream and by asking."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core import signing
from django.urls import reverse

from deskbook.channels.chat.transcript import Busy, Line, State, is_there
from deskbook.people.access import NoAccess

_SALT = "deskbook.chat.file"
THE_COPY = 0
"""What a link names that is for all that was said; everything else is the id of a file."""
LINK_LASTS_S = 24 * 3600
Shown = dict[str, Any]


def line_for_visitor(line: Line, chat: int, contact_id: int, key: str) -> Shown:
    """Returns a line as the visitor's screen takes it; their own carry the key they sent it
    with.
    """
    own = not line.by_desk and line.contact_id == contact_id
    return {
        "id": line.id,
        "by": "you" if own else "desk" if line.by_desk else "other",
        "who": line.who,
        "at": line.at.isoformat(),
        "text": line.text,
        "key": line.key if own else "",
        "files": [
            _file(file, reverse("chat-file", args=[key, link_to(chat, file[0]), _safe(file[1])]))
            for file in line.files
        ],
    }


def line_for_operator(line: Line, chat: int) -> Shown:
    """Returns a line as the operators' screen takes it."""
    return {
        "chat": chat,
        "id": line.id,
        "by": "desk" if line.by_desk else "visitor",
        "who": line.who,
        "at": line.at.isoformat(),
        "text": line.text,
        "key": line.key if line.by_desk else "",
        "files": [
            _file(file, reverse("file", args=[file[0], _safe(file[1])])) for file in line.files
        ],
    }


def state_for_visitor(state: State, busy: Busy) -> Shown:
    """Returns where the visitor's chat is. Of waiting it tells what is known, and promises
    nothing.
    """
    return {
        "state": state.state,
        "ended_by": state.ended_by,
        "operator": state.operator if state.operator_id else "",
        "place": state.place or 0,
        "operators": busy.operators,
        "waits": busy.waits,
        "read": state.operator_read,
        "number": state.number,
    }


def state_for_operator(states: Iterable[State], agent_id: int, *, at: datetime) -> Shown:
    """Returns the queue, in its order, the agent's own chats, in theirs, and how many others
    have.
    """
    found = sorted(states, key=lambda state: (state.queued_at, state.id))
    mine = [state for state in found if state.operator_id == agent_id and state.state != "waiting"]
    return {
        "waiting": [_waiting(state, agent_id, at) for state in found if state.state == "waiting"],
        "mine": [
            _mine(state, at)
            for state in sorted(mine, key=lambda state: (state.taken_at or at, state.id))
        ],
        "elsewhere": sum(
            state.state == "open" and state.operator_id != agent_id for state in found
        ),
    }


def link_to(chat: int, what: int) -> str:
    """Returns what lets the visitor of a chat, for a day, fetch a file of it, or THE_COPY of what
    was said.
    """
    return signing.dumps([chat, what], salt=_SALT, compress=False)


def linked(token: str) -> tuple[int, int]:
    """Returns the chat and the file a link names; raises NoAccess when it is old or not ours."""
    try:
        chat, what = signing.loads(token, salt=_SALT, max_age=LINK_LASTS_S)
    except (signing.BadSignature, ValueError):
        raise NoAccess("no such file") from None
    return int(chat), int(what)


def _waiting(state: State, agent_id: int, at: datetime) -> Shown:
    return {
        "id": state.id,
        "name": state.name,
        "number": state.number,
        "subject": state.subject,
        "team": state.team,
        "since": state.queued_at.isoformat(),
        "there": is_there(state.seen_at, at=at),
        "for": (
            "" if not state.meant_for_id else "you" if state.meant_for_id == agent_id else "other"
        ),
    }


def _mine(state: State, at: datetime) -> Shown:
    return {
        "id": state.id,
        "name": state.name,
        "number": state.number,
        "subject": state.subject,
        "state": state.state,
        "ended_by": state.ended_by,
        "there": is_there(state.seen_at, at=at),
        "read": state.visitor_read,
        "own_read": state.operator_read,
    }


def _file(file: tuple[int, str, int, str], url: str) -> Shown:
    return {"name": file[1], "size": file[2], "url": url}


def _safe(name: str) -> str:
    return name.replace("/", "_")
