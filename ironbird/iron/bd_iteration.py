"""Steps that a descriptor takes from run to run, while its other dimensions stay as they are."""

from dataclasses import dataclass

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.aie.attributes import BdIterationAttr


@dataclass(frozen=True)
class BdIteration:
    """`size` runs, each `stride` elements further; `current` is the number of the first.

    mlir-aie of August 2026 exports the name; the fields here are those of `#aie.bd_iteration`.
    """

    size: int
    stride: int
    current: int = 0

    def __post_init__(self) -> None:
        if self.size < 1 or self.stride < 0 or not 0 <= self.current < self.size:
            raise DesignError(
                f"{self}",
                at=author_line(),
                because="size is 1 or more, stride not negative, current below size",
            )

    def attribute(self) -> BdIterationAttr:
        """As `aie.dma_bd` holds it."""
        return BdIterationAttr.of(self.size, self.stride, self.current)
