"""The SPARK desk with somebody to answer the phone and somebody who calls."""

from tests.rung_desk import asha, case, chitra, desk

__all__ = ["asha", "case", "chitra", "desk"]
