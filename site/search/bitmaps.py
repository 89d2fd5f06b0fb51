"""Sets of document numbers as Python integers: bit n stands for document n.

Intersection is `&`, union `|`, size `.bit_count()`: each one pass in C over n/8 bytes. Small sets are kept as arrays of numbers
and widened when used, so that thousands of rare surnames take little memory.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import Union

Packed = Union[int, "array[int]"]

_CHUNK = 4096
_SPARSE = 512


def span(first: int, last: int) -> int:
    """The set of all numbers from first to last."""
    return ((1 << (last - first + 1)) - 1) << first


def from_ids(ids: Iterable[int], size: int) -> int:
    """The set of these numbers, all below `size`."""
    if isinstance(ids, array) and not ids:
        return 0
    octets = bytearray((size + 7) // 8)
    for number in ids:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def pack(ids: "array[int]", size: int) -> Packed:
    """Small sets as they are, where widening them costs little more than reading an integer from memory."""
    return ids if len(ids) <= size // _SPARSE else from_ids(ids, size)


def unpack(packed: Packed, size: int) -> int:
    """A packed set as an integer."""
    return packed if isinstance(packed, int) else from_ids(packed, size)


def weight(packed: Packed) -> int:
    """Bytes that a packed set and its key take, about."""
    return 1_000 + (packed.bit_length() // 7 if isinstance(packed, int) else len(packed) * packed.itemsize)


def descending(bits: int) -> Iterator[int]:
    """Numbers of the set from the highest down; cheap for the first few of many, and for few among many documents."""
    base = max(bits.bit_length() - _CHUNK, 0) // 8 * 8
    yield from _ones(bits >> base, base)
    octets = (bits & ((1 << base) - 1)).to_bytes(base // 8, "little")
    for end in range(len(octets), 0, -_CHUNK // 8):
        start = max(end - _CHUNK // 8, 0)
        yield from _ones(int.from_bytes(octets[start:end], "little"), start * 8)


def _ones(chunk: int, base: int) -> Iterator[int]:
    while chunk:
        top = chunk.bit_length() - 1
        yield base + top
        chunk ^= 1 << top


def without_highest(bits: int, count: int) -> int:
    """The set less its `count` highest numbers; count must not exceed the size."""
    low, high = 0, bits.bit_length()
    while low < high:  # the highest cut that leaves at least `count` numbers above it
        middle = (low + high + 1) // 2
        if (bits >> middle).bit_count() >= count:
            low = middle
        else:
            high = middle - 1
    return bits & ((1 << low) - 1)


def from_column(places: Iterable[int], chosen: Iterable[int], values: int) -> int:
    """The documents whose value is among the chosen: `places` gives each document's value, a number below `values`."""
    digits = bytearray(b"0" * values)
    for place in chosen:
        digits[place] = ord("1")
    return int(bytes(map(digits.__getitem__, places))[::-1] or b"0", 2)


def flags(bits: int, size: int) -> bytes:
    """One byte per number below `size`, 1 where it is in the set: for `itertools.compress` over a column."""
    return format(bits, f"0{size}b")[::-1].encode().translate(_FLAG_BYTES)


_FLAG_BYTES = bytes.maketrans(b"01", b"\x00\x01")
