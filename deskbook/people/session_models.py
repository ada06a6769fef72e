"""Sessions, with whose they are: a person can see theirs and end them, and so can the desk."""

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from deskbook.people.models import User

if TYPE_CHECKING:
    from deskbook.people.sessions import SessionStore


class Session(AbstractBaseSession):
    """A browser's session. `user` is empty until somebody has signed in."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    """To ten minutes: a page must not cost a write."""
    browser = models.CharField(max_length=200, blank=True)
    """The User-Agent that signed in."""
    network = models.CharField(max_length=64, blank=True)
    """The address it signed in from."""

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        from deskbook.people.sessions import SessionStore

        return SessionStore
