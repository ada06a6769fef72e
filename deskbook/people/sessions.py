"""Sessions in the database: whose they are, and the one question every page asks, asked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from deskbook.people.models import Agent, ContactIdentity, HelpDesk, User
from deskbook.people.session_models import Session

ONLY_AT = "only_at"
"""Key of a session begun by a first sign-in code: the one desk (id) it counts for."""


def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


# One statement for what every page asks: the session, whose it is and where they work. That a
# session is in use is written down beside reading it, at most every ten minutes.
_LOADED = f"""
    with seen as (
        update deskbook_session set seen_at = now()
        where session_key = %(key)s and expire_date > now()
            and seen_at < now() - interval '10 minutes')
    select session.session_data, {_columns(User, "person")},
        {_columns(Agent, "agent")}, {_columns(HelpDesk, "desk")}
    from deskbook_session session
    left join deskbook_user person on person.id = session.user_id
    left join deskbook_agent agent on agent.user_id = person.id and agent.is_active
        and person.is_active and (agent.until is null or agent.until > now())
    left join deskbook_helpdesk desk on desk.id = agent.desk_id
    where session.session_key = %(key)s and session.expire_date > now()
    order by desk.title
"""
_Row = TypeVar("_Row", bound=Model)


class SessionStore(db.SessionStore):
    """Django's own store with the columns of `Session`: only reading is quicker."""

    person: User | None = None
    """Whose the loaded session is, with their agents; whether it still counts says `person_of`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """Return what the session holds; one that has expired or never was is left for a new one to
        be made.
        """
        with connection.cursor() as cursor:
            cursor.execute(_LOADED, {"key": self.session_key})
            rows = cursor.fetchall()
        if not rows:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(rows[0][0])
        self.person = _person(rows, only_at=held.get(ONLY_AT))
        return held

    def save(self, must_create: bool = False) -> None:
        """Stores what the session holds. A database that is away is said as that: Django's own
        takes it for a session that was ended, and the page answers 400.
        """
        try:
            super().save(must_create)
        except UpdateError as ended:
            if isinstance(ended.__context__, OperationalError | InterfaceError):
                raise ended.__context__ from None
            raise

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
    held = request.session
    begun_as = held.get(SESSION_KEY)  # loads it
    person: User | None = getattr(held, "person", None)
    if person is not None and str(person.pk) == begun_as and _counts(held, person):
        return person
    user = get_user(request)  # a secret key changed, or a session to be ended: rare, Django's own
    if isinstance(user, User):
        user.only_at = held.get(ONLY_AT)
        return user
    return AnonymousUser()


def _counts(held: SessionBase, person: User) -> bool:
    """Whether signing in that way is still offered, and the password is that of then."""
    proof = held.get(HASH_SESSION_KEY, "")
    return (
        person.is_active
        and held.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(proof, person.get_session_auth_hash())
    )


def _person(rows: Sequence[tuple[Any, ...]], *, only_at: int | None) -> User | None:
    """Returns who the loaded rows are about, with the desks at which they work in this session."""
    person = _made(User, rows[0][1:])
    if person is None:
        return None
    person.only_at = only_at
    behind_person = 1 + len(User._meta.concrete_fields)
    behind_agent = behind_person + len(Agent._meta.concrete_fields)
    agents = []
    for row in rows:
        agent, desk = _made(Agent, row[behind_person:]), _made(HelpDesk, row[behind_agent:])
        if agent and desk and only_at in (None, desk.pk):
            agent.user, agent.desk = person, desk
            agents.append(agent)
    person.agents_by_desk = tuple(agents)
    return person


def _made(model: type[_Row], values: Sequence[Any]) -> _Row | None:
    """Returns the row that begins with `values`; None where the join found none. No column of these
    tables needs converting.
    """
    if values[0] is None:
        return None
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db("default", names, values[: len(names)])


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
    agents = Agent.objects.filter(user=OuterRef("pk"), is_active=True)
    left = users.filter(~Exists(known), ~Exists(agents), Q(is_superuser=False))
    Session.objects.filter(user__in=left).delete()
