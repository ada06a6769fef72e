"""Sparkrock's desk, Asha and Bala, who leads: fixtures for the rooms that begin with them."""

import pytest

from tests.people_factory import make_agent, make_desk


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


@pytest.fixture
def bala(desk):
    return make_agent(desk, "Bala", role="lead")
