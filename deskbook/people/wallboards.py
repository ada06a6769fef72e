"""Who may look at a desk's wallboard: whoever has a link that was not revoked."""

import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac

from deskbook.people.agent_changes import tell_agents_changed
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.wallboard_models import Wallboard


def add_wallboard(
    helpdesk: HelpDesk, name: str, *, at: datetime, by: Agent
) -> tuple[Wallboard, str]:
    """Returns a new wallboard and the secret of its link, which nobody can read again."""
    secret = secrets.token_urlsafe(24)
    made = Wallboard.objects.create(
        desk=helpdesk, name=name[:80], secret_hash=hash_of(secret), added_at=at, added_by=by
    )
    return made, secret


def wallboard_of(secret: str) -> Wallboard | None:
    """Returns the wallboard whose secret this is; None where there is none, or it was revoked."""
    known = Wallboard.objects.select_related("desk").filter(revoked_at=None)
    return known.filter(secret_hash=hash_of(secret)).first()


def revoke_wallboard(wallboard: Wallboard, *, at: datetime) -> None:
    """Shuts a link: nothing is shown to it from now on, nor to the screens it is open at."""
    Wallboard.objects.filter(pk=wallboard.pk, revoked_at=None).update(revoked_at=at)
    tell_agents_changed(wallboard.desk_id)


def hash_of(secret: str) -> str:
    """Returns what is kept of a secret."""
    return salted_hmac("deskbook wallboard", secret, algorithm="sha256").hexdigest()
