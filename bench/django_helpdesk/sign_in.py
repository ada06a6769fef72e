"""Prints the key of a session of its first agent: run by its own Python, once its tables are
filled.
"""

import sys

import django


def main():
    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client
    from helpdesk.models import UserSettings

    agents = get_user_model().objects.order_by("pk")
    for agent in agents:
        # It makes them itself for who is added on its screens.
        UserSettings.objects.get_or_create(user=agent)
    client = Client()
    client.force_login(agents.first())
    sys.stdout.write(client.cookies["sessionid"].value)


if __name__ == "__main__":
    main()
