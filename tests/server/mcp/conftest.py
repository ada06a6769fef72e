"""The small desk of the screens, for who comes by a program."""

from tests.web.conftest import asha, bala, case, chitra, desk, open_case

__all__ = ["asha", "bala", "case", "chitra", "desk", "open_case"]
