"""Sessions in the database: whose they are, and the one question every page asks, asked by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from deskbook.people.models import Agent, ContactIdentity, User
from deskbook.people.session_models import Session

ONLY_AT = "only_at"
"""Key of a session begun by a first sign-in code: the one desk (id) it counts for."""

# One statement: that a session is in use is written down beside reading it, at most every ten
# minutes.
_LOADED = """
    with seen as (
        update deskbook_session set seen_at = now()
        where session_key = %(key)s and expire_date > now()
            and seen_at < now() - interval '10 minutes')
    select session_data from deskbook_session where session_key = %(key)s and expire_date > now()
"""


class SessionStore(db.SessionStore):
    """Django's own store with the columns of `Session`: only reading is quicker."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """Return what the session holds; one that has expired or never was is left for a new one to
        be made.
        """
        with connection.cursor() as cursor:
            cursor.execute(_LOADED, {"key": self.session_key})
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for `data`; whose session it is follows from what signing in put there."""
        now = timezone.now()
        began = (
            data.setdefault("began_at", now.isoformat())
            if "_auth_user_id" in data
            else now.isoformat()
        )
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return Session(
            session_key=key,
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=int(data["_auth_user_id"]) if "_auth_user_id" in data else None,
            began_at=datetime.fromisoformat(began),
            seen_at=now,
            browser=data.get("browser", "")[:200],
            network=data.get("network", "")[:64],
        )

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        return self.create_model_instance(data)


def person_of(request: HttpRequest) -> User | AnonymousUser:
    """Returns who the request's session is of, held to one desk where a first sign-in code began
    it.
    """
    user = get_user(request)
    if isinstance(user, User):
        user.only_at = request.session.get(ONLY_AT)
        return user
    return AnonymousUser()


def sessions_of(user: User, *, at: datetime) -> QuerySet[Session]:
    """Returns a person's sessions, the one used last first."""
    return Session.objects.filter(user=user, expire_date__gt=at).order_by("-seen_at")


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Ends a person's sessions, all or all `but` one (its key); returns how many. A page under way
    saves none again.
    """
    return Session.objects.filter(user=user).exclude(session_key=but or "").delete()[0]


def end_sessions_of_nobody(users: QuerySet[User]) -> None:
    """Ends the sessions of those of `users` whom no desk knows any more, as an agent or by their
    mail address.
    """
    known = ContactIdentity.objects.filter(channel="email", identifier=OuterRef("email"))
    seats = Agent.objects.filter(user=OuterRef("pk"), is_active=True)
    left = users.filter(~Exists(known), ~Exists(seats), Q(is_superuser=False))
    Session.objects.filter(user__in=left).delete()
