"""The desk of the campaign as if it ran today: its dates are moved, nothing else."""

from datetime import timedelta

from tests.people_factory import BOOKS, make_desk


def campaign_text(at, *, began=timedelta(days=2), lasts=timedelta(days=7)):
    """Return the Salama book with the campaign begun so long before `at`."""
    start = (at - began).date()
    text = (BOOKS / "salama.yaml").read_text()
    text = text.replace("start: 2023-08-07", f"start: {start}")
    return text.replace("end of distribution: 2023-08-14", f"end of distribution: {start + lasts}")


def running_campaign(at, **more):
    return make_desk("salama", campaign_text(at, **more))
