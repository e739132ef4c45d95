"""`designs/README.md`, made from contracts and results: `python -m tools.support_table`.

Every case of every design with its tensors, tolerance, the error found and the modelled cycles, as
`python -m designs.NAME --run` prints them; and every kernel's contract. With designs' names
(`python -m tools.support_table gelu softmax`) only those are run, and cases that the file lacks;
what the others came to is taken from the file.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aie_kernels.contract import Argument, Role
from aie_kernels.contracts import CONTRACTS
from designs.catalog import CATALOG
from ironbird.base.element_types import element_type_of
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import compare_case

INTRODUCTION = """\
# Designs and kernels

A design is a module with `design(case)`, `reference(case, **inputs)` and `CASES`;
`python -m designs.NAME --run --case CASE` builds a case, runs it and compares it with its
reference; `python -m tools.bench NAME` tells what cases cost under other compilers.

This file is made by `python -m tools.support_table`; a test holds it to that.
"""

README = Path(__file__).parents[1] / "designs" / "README.md"


@dataclass(frozen=True)
class Measured:
    """What a run came to. error: relative L2 over all outputs, or `exact`. cycles: modelled."""

    error: str
    cycles: str


Measure = Callable[[str, Any], Measured]


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tools.support_table", description=__doc__)
    parser.add_argument("design", nargs="*", help="only these; all if none is named")
    options = parser.parse_args(arguments)
    for name in options.design:
        if name not in CATALOG:
            parser.error(f"there is no design {name!r}; there are {', '.join(CATALOG)}")
    kept = committed() if options.design else {}

    def measure(name: str, case: Any) -> Measured:
        if name not in options.design and (name, case.name) in kept:
            return kept[name, case.name]
        found = measured(name, case)
        print(f"{name} {case.name}: {found.error}, {found.cycles} cycles", file=sys.stderr)
        return found

    README.write_text(support_table(measure), encoding="utf-8")
    return 0


def committed() -> dict[tuple[str, ...], Measured]:
    """What the file says each case came to."""
    lines = README.read_text(encoding="utf-8").splitlines() if README.exists() else []
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    return {tuple(row[:2]): Measured(*row[-2:]) for row in rows if len(row) > 2}


def support_table(measure: Measure) -> str:
    """The file's text, with what `measure` found of each case."""
    return "\n".join(
        [
            INTRODUCTION,
            "## Cases",
            "",
            "Cycles are of a whole run, modelled on kernels as Peano compiles them; errors are "
            "relative L2\nwith inputs of seed 0 and the chip's rounding.",
            "",
            *_case_table(measure),
            "",
            "## Kernels",
            "",
            "At the sizes that tests use; [how to add one](../aie_kernels/README.md). Buffers "
            "marked `=`\nare read and written. A multiply-accumulate is two operations.",
            "",
            *_kernel_table(),
            "",
            "## Why these tolerances",
            "",
            *_evidence(),
            "",
        ]
    )


def measured(name: str, case: Any) -> Measured:
    """One run. Raises RuntimeError if the case fails."""
    comparison = compare_case(CATALOG[name], case, case.inputs(np.random.default_rng(0)))
    if not comparison.passed:
        raise RuntimeError(f"{name} {case.name} fails; the table would be wrong")
    error = "exact" if comparison.rel_l2 == 0 else f"{comparison.rel_l2:.1e}"
    return Measured(error, f"{comparison.result.cycles:,}")


def _case_table(measure: Measure) -> Iterator[str]:
    yield "| design | case | inputs | outputs | tolerance | error | cycles |"
    yield "|---|---|---|---|---|---|---|"
    for name, design in CATALOG.items():
        for case in design.CASES:
            inputs = case.inputs(np.random.default_rng(0))
            outputs = case.outputs()
            found = measure(name, case)
            cells = (
                name,
                case.name,
                ", ".join(_tensor(each, x.dtype, x.shape) for each, x in inputs.items()),
                ", ".join(_tensor(each, dtype, shape) for each, (shape, dtype) in outputs.items()),
                str(case.tolerance),
                found.error,
                found.cycles,
            )
            yield f"| {' | '.join(cells)} |"


def _kernel_table() -> Iterator[str]:
    yield "| kernel | source | arguments | tolerance | operations | stack bytes |"
    yield "|---|---|---|---|---|---|"
    for contract in CONTRACTS:
        cells = (
            f"`{contract.symbol}`",
            f"[{contract.source}](../aie_kernels/{contract.source})",
            ", ".join(map(_argument, contract.arguments)),
            str(contract.tolerance),
            f"{contract.operations:,}",
            f"{contract.stack_bytes:,}",
        )
        yield f"| {' | '.join(cells)} |"


def _evidence() -> Iterator[str]:
    """One paragraph for each tolerance, and who has it."""
    holders: dict[Tolerance, list[str]] = {}
    for contract in CONTRACTS:
        _add(holders, contract.tolerance, f"`{contract.symbol}`")
    for name, design in CATALOG.items():
        for case in design.CASES:
            _add(holders, case.tolerance, name)
    for tolerance, names in holders.items():
        yield f"- {', '.join(names)}: {tolerance}. {tolerance.evidence}."


def _add(holders: dict[Tolerance, list[str]], tolerance: Tolerance, name: str) -> None:
    names = holders.setdefault(tolerance, [])
    if name not in names:
        names.append(name)


def _argument(argument: Argument) -> str:
    mark = "=" if argument.role is Role.INOUT else ""
    if argument.role is Role.SCALAR:
        return f"{argument.name}: {element_type_of(argument.dtype).name}"
    return f"{mark}{_tensor(argument.name, argument.dtype, argument.shape)}"


def _tensor(name: str, dtype: Any, shape: Sequence[int]) -> str:
    return f"{name}: {element_type_of(np.dtype(dtype)).name}[{', '.join(map(str, shape))}]"


if __name__ == "__main__":
    raise SystemExit(main())
