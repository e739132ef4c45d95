"""The command line that every design has: `python -m designs.NAME --run`.

A design is a module with `design(case)`, `reference(case, **inputs)` and `CASES`; optional are
`DEFAULT_CASE`, `pack` / `unpack` (between a case's tensors and the program's arguments) and
`case_for_inputs(inputs)` (the case that a user's own tensors make).
Exit code 0 only if the result was compared with the reference and agreed.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ironbird.base.element_types import element_type_of
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import Tolerance, Verdict, judge
from ironbird.ir import print_module
from ironbird.session.array_files import load_arrays, poisoned, save_arrays
from ironbird.session.compile import NUMERICS, compile
from ironbird.session.ending import exit_code_for, exit_code_of
from ironbird.session.lowering import text_after
from ironbird.session.result import Array, RunResult
from ironbird.session.run import BACKENDS, RunOptions, run
from ironbird.session.trace_file import write_trace
from ironbird.simulator import SimulationOptions
from ironbird.simulator.options import Numerics


def design_main(design: ModuleType, argv: Sequence[str] | None = None) -> int:
    """Run the command line of `design` and return its exit code."""
    return exit_code_of(lambda: _design_main(design, argv))


@dataclass(frozen=True)
class Comparison:
    """One run of a case, and the verdict on each output by name."""

    result: RunResult
    outputs: dict[str, Array]
    verdicts: dict[str, Verdict]
    tolerance: Tolerance

    @property
    def passed(self) -> bool:
        """Whether there is an output, every output agrees, and the run met no defect."""
        agreed = all(verdict.passed for verdict in self.verdicts.values())
        return bool(self.verdicts) and agreed and not self.result.findings

    @property
    def max_abs_error(self) -> float:
        """The largest over all outputs; NaN if one holds NaN, or there is none."""
        return _largest([verdict.max_abs_error for verdict in self.verdicts.values()])

    @property
    def rel_l2(self) -> float:
        """The largest over all outputs; NaN if one holds NaN, or there is none."""
        return _largest([verdict.relative_l2 for verdict in self.verdicts.values()])


def compare_case(
    design: ModuleType,
    case: Any,
    inputs: dict[str, Array],
    *,
    numerics: Numerics = "silicon",
    options: RunOptions | None = None,
    use_cache: bool = True,
) -> Comparison:
    """Build and run a case on `inputs`, and judge every output against the reference.

    Raises UsageError for inputs that are not those of the case, in name, shape or dtype. Views are
    copied, so that strides and alignment do not matter.
    """
    inputs = _fitted(case.inputs(np.random.default_rng(0)), inputs)
    executable = compile(
        design.design(case),
        numerics=numerics,
        use_cache=use_cache,
        title=f"{_name_of(design)} {case.name}",
    )
    outputs = {
        name: poisoned(tuple(shape), np.dtype(dtype))
        for name, (shape, dtype) in case.outputs().items()
    }
    arguments = pack(design, case, inputs, outputs)
    result = run(executable, *arguments, options=options if options is not None else RunOptions())
    outputs = unpack(design, case, arguments, outputs)
    expected = design.reference(case, **inputs)
    verdicts = {name: judge(outputs[name], expected[name], case.tolerance) for name in outputs}
    return Comparison(result, outputs, verdicts, case.tolerance)


def pack(
    design: ModuleType, case: Any, inputs: dict[str, Array], outputs: dict[str, Array]
) -> tuple[Array, ...]:
    """The program's arguments: what the design's `pack` makes, or inputs then outputs."""
    if hasattr(design, "pack"):
        return tuple(design.pack(case, inputs))
    return (*inputs.values(), *outputs.values())


def unpack(
    design: ModuleType, case: Any, arguments: tuple[Array, ...], outputs: dict[str, Array]
) -> dict[str, Array]:
    """The outputs by name, from the program's arguments after a run."""
    if hasattr(design, "unpack"):
        return dict(design.unpack(case, arguments))
    return outputs


def _design_main(design: ModuleType, argv: Sequence[str] | None) -> int:
    options = _parser(design).parse_args(argv)
    given = load_arrays(options.input) if options.input is not None else {}
    case = _chosen_case(design, options.case, given)
    if options.emit_mlir:
        print(print_module(design.design(case).resolve_program()), end="")
        return 0
    if options.stop_after is not None:
        print(text_after(design.design(case).resolve_program(), options.stop_after), end="")
        return 0
    drawn = case.inputs(np.random.default_rng(options.seed))
    inputs, remarks = _replaced(drawn, given)
    for remark in remarks:
        print(f"ironbird: {remark}", file=sys.stderr)
    comparison = compare_case(
        design,
        case,
        inputs,
        numerics=options.numerics,
        options=RunOptions(
            backend=options.backend,
            simulation=SimulationOptions(trace=options.trace is not None),
        ),
    )
    if options.output is not None:
        save_arrays(options.output, comparison.outputs)
    if options.trace is not None:
        write_trace(options.trace, comparison.result)
    described = _described(design, case, comparison)
    print(json.dumps(described) if options.json else _shown(described, comparison))
    return 0 if comparison.passed else exit_code_for(comparison.result.findings)


def _parser(design: ModuleType) -> argparse.ArgumentParser:
    name = _name_of(design)
    summary = (design.__doc__ or name).strip().splitlines()[0]
    parser = argparse.ArgumentParser(prog=f"python -m designs.{name}", description=summary)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--run", action="store_true", help="build, run and compare with numpy")
    action.add_argument("--emit-mlir", action="store_true", help="print the module")
    action.add_argument(
        "--stop-after", metavar="PASS", help="print what the pass leaves, or `npu`, or `plan`"
    )
    cases = ", ".join(case.name for case in design.CASES)
    parser.add_argument("--case", metavar="NAME", help=f"one of {cases}")
    parser.add_argument("--seed", type=int, default=0, help="of the inputs drawn (0)")
    parser.add_argument("--input", type=Path, metavar="F.npz", help="your own inputs, by name")
    parser.add_argument("--output", type=Path, metavar="F.npz", help="where to write the outputs")
    parser.add_argument(
        "--trace", type=Path, metavar="F.json", help="a timeline for ui.perfetto.dev"
    )
    parser.add_argument("--numerics", choices=NUMERICS, default="silicon")
    parser.add_argument("--backend", choices=BACKENDS, default="native")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _chosen_case(design: ModuleType, name: str | None, given: dict[str, Array]) -> Any:
    """The case by name; or the one that the user's inputs make; or the design's default."""
    by_name = {case.name: case for case in design.CASES}
    if name is not None and name not in by_name:
        raise UsageError(
            f"design {_name_of(design)!r} has no case {name!r}",
            because=f"its cases are {', '.join(by_name)}",
        )
    if name is not None:
        return by_name[name]
    if given and hasattr(design, "case_for_inputs"):
        return design.case_for_inputs(given)
    return by_name[getattr(design, "DEFAULT_CASE", design.CASES[0].name)]


def _replaced(
    drawn: dict[str, Array], given: dict[str, Array]
) -> tuple[dict[str, Array], list[str]]:
    """The inputs with the user's own in place of those drawn, and what was done to them."""
    inputs = {**drawn, **given}
    remarks = []
    for name in drawn:
        array, dtype = inputs[name], drawn[name].dtype
        is_rounded = array.dtype != dtype and array.dtype.kind == "f"
        if is_rounded and element_type_of(dtype).name == "bf16":
            inputs[name] = array.astype(dtype)
            remarks.append(f"input {name!r} was rounded from {array.dtype} to bfloat16")
    return _fitted(drawn, inputs), remarks


def _fitted(drawn: dict[str, Array], given: dict[str, Array]) -> dict[str, Array]:
    """`given` in the order of those drawn, contiguous and aligned. Refuses what differs."""
    for name in (*given, *drawn):
        if name not in drawn:
            raise UsageError(
                f"the design has no input {name!r}", because=f"its inputs are {', '.join(drawn)}"
            )
        if name not in given:
            raise UsageError(
                f"input {name!r} is missing", because=f"the inputs are {', '.join(drawn)}"
            )
        array, expected = given[name], drawn[name]
        if array.shape != expected.shape:
            raise UsageError(
                f"input {name!r} has the shape {list(array.shape)}",
                because=f"the case takes {list(expected.shape)}",
            )
        if array.dtype != expected.dtype:
            raise UsageError(
                f"input {name!r} holds {array.dtype}",
                because=f"the case takes {expected.dtype}",
                fix=f"convert it with .astype({expected.dtype})",
            )
    return {name: np.require(given[name], requirements=["C", "A"]) for name in drawn}


def _described(design: ModuleType, case: Any, comparison: Comparison) -> dict[str, Any]:
    result = comparison.result
    return {
        "design": _name_of(design),
        "case": case.name,
        "where": result.where,
        "passed": comparison.passed,
        "max_abs_error": _finite(comparison.max_abs_error),
        "rel_l2": _finite(comparison.rel_l2),
        "tolerance": str(comparison.tolerance),
        "cycles": result.cycles,
        "modelled_us": result.modelled_us,
        "wall_s": result.wall_seconds,
        "cached": result.cached,
        "findings": [str(finding) for finding in result.findings],
    }


def _shown(described: dict[str, Any], comparison: Comparison) -> str:
    """For people: the verdict first, then where, time and error, then what went wrong."""
    result = comparison.result
    lines = [
        f"{described['design']} {described['case']}: {'PASS' if comparison.passed else 'FAIL'}",
        f"  where   {result.where}",
        f"  cycles  {result.cycles:,} = {result.modelled_us:,.1f} us at the clock of a "
        f"{result.clock} (modelled, not measured)",
        f"  error   max abs {comparison.max_abs_error:.3g}, relative L2 {comparison.rel_l2:.3g} "
        f"(tolerance: {comparison.tolerance})",
        f"  wall    {result.wall_seconds:.2f} s to simulate, "
        f"{'taken from the cache' if result.cached else 'built for this run'}",
    ]
    for name, verdict in comparison.verdicts.items():
        if not verdict.passed:
            lines.append(f"  {name}: {verdict}")
    lines += [str(finding) for finding in result.findings]
    return "\n".join(lines)


def _largest(errors: Sequence[float]) -> float:
    return float(np.max(errors)) if errors else math.nan


def _finite(number: float) -> float | None:
    """JSON has neither NaN nor infinity."""
    return number if math.isfinite(number) else None


def _name_of(design: ModuleType) -> str:
    """`designs.attention`, or `designs/attention.py` run as `__main__`, is called attention."""
    if design.__name__ == "__main__" and design.__file__ is not None:
        return Path(design.__file__).stem
    return design.__name__.rpartition(".")[2]
