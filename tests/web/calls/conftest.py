"""A desk that is rung: Asha of the PMU, and Chitra, whose number is known."""

from tests.rung_desk import asha, case, chitra, desk

__all__ = ["asha", "case", "chitra", "desk"]
