"""What measures the desk goes with it: nobody runs it every day, so a name that moved would be
noticed too late.
"""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import bench


@pytest.mark.parametrize("name", sorted(module.name for module in iter_modules(bench.__path__)))
def test_every_measurement_finds_what_it_measures(name):
    import_module(f"bench.{name}")
