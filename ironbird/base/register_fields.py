"""Register words as named fields, and back.

A layout says which bits of which 32-bit word hold which number. Numbers are as the register holds
them: a step field holds the step minus 1 where the hardware says so; what a number means is told by
whoever names the layout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORD_BITS = 32


@dataclass(frozen=True)
class Field:
    """`width` bits of word number `word`, from bit `low` up; two's complement where `signed`."""

    word: int
    low: int
    width: int
    signed: bool = False

    @property
    def mask(self) -> int:
        """The bits of its word that the field takes."""
        return ((1 << self.width) - 1) << self.low

    @property
    def range(self) -> range:
        """The numbers the field can hold."""
        if self.signed:
            return range(-(1 << (self.width - 1)), 1 << (self.width - 1))
        return range(1 << self.width)


@dataclass(frozen=True)
class WordLayout:
    """The fields of `word_count` consecutive words. Bits in no field are reserved."""

    word_count: int
    fields: Mapping[str, Field]

    def __post_init__(self) -> None:
        taken = [0] * self.word_count
        for name, field in self.fields.items():
            if field.low + field.width > WORD_BITS or taken[field.word] & field.mask:
                raise ValueError(f"field {name} overlaps another one or leaves word {field.word}")
            taken[field.word] |= field.mask

    def encode(self, values: Mapping[str, int]) -> tuple[int, ...]:
        """The words that hold `values`; fields not named are 0.

        Raises ValueError for a number that its field cannot hold, KeyError for an unknown field.
        """
        words = [0] * self.word_count
        for name, value in values.items():
            field = self.fields[name]
            if value not in field.range:
                raise ValueError(
                    f"{name} is {value}; its field holds {field.range[0]}..{field.range[-1]}"
                )
            words[field.word] |= (value << field.low) & field.mask
        return tuple(words)

    def decode(self, words: Sequence[int]) -> dict[str, int]:
        """Every field of `words`. Reserved bits are passed over: see `reserved_bits`."""
        values = {}
        for name, field in self.fields.items():
            value = (words[field.word] & field.mask) >> field.low
            if field.signed and value not in field.range:
                value -= 1 << field.width
            values[name] = value
        return values

    def reserved_bits(self, words: Sequence[int]) -> tuple[int, ...]:
        """The bits of each word that are set and in no field."""
        left = list(words)
        for field in self.fields.values():
            left[field.word] &= ~field.mask
        return tuple(left)
