"""Who looks at the screens of calls, and what stands there."""

from django.test import Client


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


def words(answer):
    return answer.content.decode()
