"""What the cases of a design cost: modelled on the array, and on this machine to simulate.

Cycles are modelled under each compiler class (whose code the kernels are taken to be); rates and
shares derive from them. Each case is built once, with `fast` numerics: cycles do not depend on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, get_args

import numpy as np

from ironbird.plan import ddr_bytes
from ironbird.session.array_files import poisoned
from ironbird.session.compile import compile
from ironbird.session.design_command import pack
from ironbird.session.run import RunOptions, run
from ironbird.simulator import SimulationOptions
from ironbird.simulator.options import CompilerClass
from ironbird.simulator.timing import DDR_BYTES_PER_CYCLE
from tools.products import Products, products

CLASSES: tuple[CompilerClass, ...] = ("ideal", "chess", "peano")
assert set(CLASSES) == set(get_args(CompilerClass))

JUDGED: CompilerClass = "chess"
"""The class that shares are given for: the best code there is for the chip."""


@dataclass(frozen=True, kw_only=True)
class DesignCost:
    """One case of one design.

    cores:        that run a program.
    cycles:       of the whole run, by compiler class.
    ddr_bytes:    read and written by the DMAs of the shim tiles.
    host_seconds: the shortest simulation of one per class.
    """

    design: str
    case: str
    cores: int
    cycles: dict[str, int]
    products: Products | None
    ddr_bytes: int
    host_seconds: float

    def products_per_cycle(self, compiler_class: str) -> float | None:
        """Multiply-accumulates a cycle of each core."""
        if self.products is None or not self.cores:
            return None
        return self.products.count / self.cycles[compiler_class] / self.cores

    @property
    def share_of_peak(self) -> float | None:
        """Of what the multipliers of the cores at work could do in that time."""
        rate = self.products_per_cycle(JUDGED)
        if rate is None or self.products is None:
            return None
        return rate / self.products.peak_per_cycle

    @property
    def share_of_ddr(self) -> float:
        """Of what DDR could move in that time, each way counted."""
        return self.ddr_bytes / self.cycles[JUDGED] / DDR_BYTES_PER_CYCLE

    def described(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            **asdict(self),
            "products_per_cycle_per_core": {
                each: self.products_per_cycle(each) for each in self.cycles
            },
            "share_of_peak": self.share_of_peak,
            "share_of_ddr": self.share_of_ddr,
        }


def design_costs(name: str, design: ModuleType) -> Iterator[DesignCost]:
    """Every case of a design, in its order."""
    for case in design.CASES:
        yield case_cost(name, design, case)


def case_cost(name: str, design: ModuleType, case: Any) -> DesignCost:
    """Build a case and run it under each compiler class. Raises RunFailed if it meets a defect."""
    executable = compile(design.design(case), numerics="fast", title=f"{name} {case.name}")
    inputs = case.inputs(np.random.default_rng(0))
    cycles: dict[str, int] = {}
    seconds = []
    for compiler_class in CLASSES:
        outputs = {
            output: poisoned(tuple(shape), np.dtype(dtype))
            for output, (shape, dtype) in case.outputs().items()
        }
        options = RunOptions(simulation=SimulationOptions(compiler_class=compiler_class))
        result = run(executable, *pack(design, case, inputs, outputs), options=options)
        result.raise_for_findings()
        cycles[compiler_class] = result.cycles
        seconds.append(result.wall_seconds)
    plans = [stage.plan for stage in executable.stages]
    return DesignCost(
        design=name,
        case=case.name,
        cores=max(len(plan.cores) for plan in plans),
        cycles=cycles,
        products=products(name, case),
        ddr_bytes=sum(map(ddr_bytes, plans)),
        host_seconds=min(seconds),
    )


_HEADINGS = (
    *("design", "case", "cores"),
    *(f"{each} cycles" for each in CLASSES),
    *(f"MAC/c {each}" for each in CLASSES),
    *("of peak", "DDR KiB", "of DDR", "host ms"),
)
_FIRST_NUMBER = 2


def headings() -> str:
    """Above the lines of the table."""
    return _aligned(_HEADINGS)


def line(cost: DesignCost) -> str:
    """One line of the table. MAC/c: multiply-accumulates a cycle of each core."""
    return _aligned(
        (
            cost.design,
            cost.case,
            str(cost.cores),
            *(f"{cost.cycles[each]:,}" for each in CLASSES),
            *(_number(cost.products_per_cycle(each), ".1f") for each in CLASSES),
            _number(cost.share_of_peak, ".0%"),
            f"{cost.ddr_bytes / 1024:,.0f}",
            _number(cost.share_of_ddr, ".0%"),
            f"{cost.host_seconds * 1e3:,.0f}",
        )
    )


_WIDTHS = (14, 21, 5, 12, 12, 12, 11, 11, 11, 7, 9, 6, 7)


def _aligned(cells: Sequence[str]) -> str:
    return " ".join(
        f"{cell:<{width}}" if place < _FIRST_NUMBER else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True))
    ).rstrip()


def _number(number: float | None, how: str) -> str:
    return "-" if number is None else format(number, how)
