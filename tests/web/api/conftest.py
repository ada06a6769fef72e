"""Programs that ask the desk, each by a token of its own."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.people.tokens import SCOPES, Told, make_token

API = "/api/v1/"


class Program:
    """A script with a token."""

    def __init__(self, secret):
        self.secret = secret
        self.client = Client()

    def get(self, address, **headers):
        return self.client.get(_at(address), headers=self._headers(headers))

    def post(self, address, body, **headers):
        return self.client.post(
            _at(address), json.dumps(body), "application/json", headers=self._headers(headers)
        )

    def _headers(self, more):
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"authorization": f"Bearer {self.secret}"} | named


def _at(address):
    return address if address.startswith("/") else API + address


def program_of(agent, scopes=SCOPES, days=30):
    """Return a program that acts for an agent."""
    told = Told("script", scopes, timedelta(days=days))
    return Program(make_token(agent, told, at=timezone.now(), by=agent)[1])


@pytest.fixture
def script(asha):
    return program_of(asha)


@pytest.fixture
def bala_script(bala):
    return program_of(bala)
