"""Ids that sort by the time they were made: 128 bits in 22 characters of base62."""

from datetime import datetime

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 22
ENTROPY_BYTES = 10


def identifier(now: datetime, entropy: bytes) -> str:
    """48 bits of milliseconds and 80 of entropy. Discord's nonce allows 25 characters; this takes 22.

    `entropy` are exactly `ENTROPY_BYTES` random bytes.
    """
    number = int(now.timestamp() * 1000) << (8 * ENTROPY_BYTES) | int.from_bytes(entropy)
    digits: list[str] = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
