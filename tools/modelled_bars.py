"""What designs must reach on the array as it is modelled: limits on their costs.

Class `chess`, at the clock of an 8700G; shares of DDR are of what the timing model says it moves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ironbird.base.npu1 import CLOCK_HERTZ
from tools.design_costs import JUDGED, DesignCost
from tools.figures import Figure

HERTZ = CLOCK_HERTZ["8700G"]


def _tera_operations(cost: DesignCost) -> float:
    """10^12 operations a second, a multiply-accumulate being two."""
    count = cost.products.count if cost.products is not None else 0
    return 2 * count / (cost.cycles[JUDGED] / HERTZ) / 1e12


def _milliseconds(cost: DesignCost) -> float:
    return cost.cycles[JUDGED] / HERTZ * 1e3


def _share_of_ddr(cost: DesignCost) -> float:
    return cost.share_of_ddr


@dataclass(frozen=True)
class ModelledBar:
    """One limit on the cost of one case."""

    design: str
    case: str
    measure: Callable[[DesignCost], float]
    limit: float
    unit: str
    at_most: bool = False

    def figure(self, cost: DesignCost) -> Figure:
        """The bar beside what `cost` came to."""
        name = f"modelled {self.design} {self.case}"
        return Figure(name, self.measure(cost), self.limit, self.unit, self.at_most)


MODELLED_BARS = (
    ModelledBar("matmul", "bf16_2048", _tera_operations, 2.5, "TFLOPS"),
    ModelledBar("matmul", "i8_2048", _tera_operations, 4.5, "TOPS"),
    ModelledBar("attention", "whisper_base", _milliseconds, 12, "ms", at_most=True),
    ModelledBar("layer_norm", "layer_norm_1500x512", _share_of_ddr, 0.6, "of DDR"),
    ModelledBar("layer_norm", "layer_norm_1500x1280", _share_of_ddr, 0.6, "of DDR"),
    ModelledBar("gelu", "gelu_1500x1536", _share_of_ddr, 0.6, "of DDR"),
    ModelledBar("softmax", "512x1500", _share_of_ddr, 0.6, "of DDR"),
)


def bars_of(cost: DesignCost) -> Iterator[Figure]:
    """The bars that there are for one case."""
    for bar in MODELLED_BARS:
        if (bar.design, bar.case) == (cost.design, cost.case):
            yield bar.figure(cost)
