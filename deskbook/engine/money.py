"""Amounts of money as a policy says them; none is ever moved."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """So much of one currency, exact."""

    amount: Decimal
    currency: str
    """By its code of ISO 4217."""

    def __str__(self) -> str:
        whole = self.amount == self.amount.to_integral_value()
        return f"{self.amount:,.{0 if whole else 2}f} {self.currency}"

    def times(self, factor: Decimal | int) -> "Money":
        """Returns so many times as much, to the cent; half a cent is one."""
        return Money((self.amount * factor).quantize(_CENT, ROUND_HALF_UP), self.currency)


@dataclass(frozen=True, slots=True)
class Part:
    """So many hundredths of something that a customer pays."""

    percent: Decimal
    of: str

    def __str__(self) -> str:
        return f"{percent_in_words(self.percent)} of {self.of}"


def percent_in_words(percent: Decimal) -> str:
    """Returns “95%”, “99.5%”."""
    return f"{percent.normalize():f}%"
