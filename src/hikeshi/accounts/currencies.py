"""In what money costs are written. Pure."""

from typing import Final

from hikeshi.kernel.refusals import Invalid

CURRENCIES: Final = (
    *("JPY", "USD", "EUR", "GBP", "CNY", "KRW", "TWD", "HKD", "SGD", "THB", "VND", "IDR", "PHP", "MYR", "INR"),
    *("AUD", "NZD", "CAD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "BRL", "MXN", "ZAR", "AED", "SAR", "TRY"),
)
"""ISO 4217, those that sites of this product work with; the first is what a new site has."""


def proper(code: str) -> str:
    """Raises Invalid."""
    if code not in CURRENCIES:
        raise Invalid("currency", "not_a_choice", choices=", ".join(CURRENCIES))
    return code
