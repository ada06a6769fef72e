"""The doors of wallboards: each a link that can be shut."""

from django.db import models

from deskbook.people.models import Agent, HelpDesk


class Wallboard(models.Model):
    """A screen on a wall, which shows its desk to whoever has its link, until that is revoked."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="wallboards")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    """Only the hash of what its address holds is kept."""
    added_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
