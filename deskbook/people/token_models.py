"""Tokens by which programs act for an agent, and what they asked for once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.people.models import Agent, HelpDesk


class ApiToken(models.Model):
    """A key of the REST API. Whoever has it is the agent, within its scopes, until it ends."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    """Who does and sees what is done and asked by it."""
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    """To ten minutes: a question must not cost a write."""
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ApiRequest(models.Model):
    """What was done under an Idempotency-Key and answered: sent again, it is answered the same."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    """The SHA-256 of the key."""
    digest = models.CharField(max_length=64)
    """The SHA-256 of method, address and body: another request under the key is a mistake."""
    status = models.PositiveSmallIntegerField()
    answer = models.TextField()
    """JSON, as it was sent."""
    came_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_idempotency_key")
        ]
