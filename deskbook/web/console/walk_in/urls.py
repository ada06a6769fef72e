"""The walk-in's console addresses."""

from django.urls import URLPattern, path

from deskbook.web.console.walk_in import counter as walk_in_counter
from deskbook.web.console.walk_in import walk_in

urlpatterns: list[URLPattern] = [
    path("console/walk-in/", walk_in.sites, name="console-walk-in"),
    path(
        "console/walk-in/devices/<int:device>/code",
        walk_in.device_code,
        name="console-walk-in-code",
    ),
    path(
        "console/walk-in/devices/<int:device>/revoking",
        walk_in.device_revoking,
        name="console-walk-in-revoking",
    ),
    path("console/walk-in/<str:site>/", walk_in_counter.counter, name="console-walk-in-counter"),
    path("console/walk-in/<str:site>/devices", walk_in.devices, name="console-walk-in-devices"),
    path("console/walk-in/<str:site>/poster", walk_in.poster, name="console-walk-in-poster"),
    path("console/walk-in/<str:site>/day", walk_in.day, name="console-walk-in-day"),
    path("console/walk-in/<str:site>/day/end", walk_in.day_end, name="console-walk-in-day-end"),
]
