"""The demo as Django knows it: an application of its own, above the product."""

from django.apps import AppConfig


class Demo(AppConfig):
    """Its tables begin with "demo_"; the product runs without it, and without them."""

    name = "deskbook.demo"
    label = "demo"
