"""How many of fal's units a run is: the catalogue's price divided by fal's unit price. Pure.

The result's `x-fal-billable-units` times the published unit price is the catalogue's price, to the micro-dollar.
"""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from bot.domain.catalogue import Endpoint, Value
from bot.domain.price import quote

_EIGHT_PLACES = Decimal("0.00000001")


def units(endpoint: Endpoint, values: Mapping[str, Value], seconds: Mapping[str, float]) -> str:
    """The number of units as fal's server prints it; one for each video where fal publishes no unit price.

    `seconds` are the running times of the files by option. Whole numbers have no decimals, others eight, as in fal's
    own server package; they are cut, not rounded, so that a bill rounded up is the price and never a millionth more.
    """
    unit_price = endpoint.price.unit_price_microusd if endpoint.price else None
    if not unit_price:
        return "1"
    count = Decimal(quote(endpoint, values, seconds=seconds).cost_microusd) / Decimal(unit_price)
    if count == count.to_integral_value():
        return f"{count:.0f}"
    return str(count.quantize(_EIGHT_PLACES, rounding=ROUND_DOWN))
