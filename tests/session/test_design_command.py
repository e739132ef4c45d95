"""The command line of a design: verdicts, files, JSON, and what is refused."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.ir import parse_module, print_module
from ironbird.session.design_command import design_main
from tests.session.programs import add_constant, program


@dataclass(frozen=True)
class Case:
    """y = x + constant over some int32 numbers."""

    name: str
    elements: int = 16
    constant: int = 1
    tolerance: Tolerance = EXACT

    def inputs(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        return {"x": rng.integers(-1000, 1000, self.elements, np.int32)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
        return {"y": ((self.elements,), np.dtype(np.int32))}


@pytest.fixture
def adder() -> ModuleType:
    """A design as a module, with a right reference."""
    module = ModuleType("designs.adder", "Add a constant.\n\nMore.")
    module.CASES = (Case("small"), Case("large", elements=32))  # type: ignore[attr-defined]
    module.design = lambda case: add_constant(case.elements, case.constant)  # type: ignore[attr-defined]
    module.reference = lambda case, x: {"y": x + case.constant}  # type: ignore[attr-defined]
    return module


@pytest.fixture
def outcome(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command: exit code, standard output, standard error."""

    def run(design: ModuleType, *arguments: object) -> tuple[int, str, str]:
        code = design_main(design, [str(argument) for argument in arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def test_run_compares_and_says_where(adder: ModuleType, outcome: Any) -> None:
    code, out, err = outcome(adder, "--run")
    assert (code, err) == (0, "")
    assert re.fullmatch(
        r"adder small: PASS\n"
        r"  where   simulator \(native, .* [\d.]+, silicon\)\n"
        r"  cycles  [\d,]+ = [\d,.]+ us at the clock of a 7940HS \(modelled, not measured\)\n"
        r"  error   max abs 0, relative L2 0 \(tolerance: exact\)\n"
        r"  wall    [\d.]+ s to simulate, (built for this run|taken from the cache)\n",
        out,
    )


def test_json_is_one_object_with_these_fields(adder: ModuleType, outcome: Any) -> None:
    first, out, _ = outcome(adder, "--run", "--json", "--case", "large")
    described = json.loads(out)
    assert first == 0
    assert list(described) == [
        "design",
        "case",
        "where",
        "passed",
        "max_abs_error",
        "rel_l2",
        "tolerance",
        "cycles",
        "modelled_us",
        "wall_s",
        "cached",
        "findings",
    ]
    assert described["design"] == "adder"
    assert described["case"] == "large"
    assert described["where"].endswith(", silicon)")
    assert described["passed"] is True
    assert described["max_abs_error"] == 0
    assert described["tolerance"] == "exact"
    assert described["findings"] == []
    _, out, _ = outcome(adder, "--run", "--json", "--case", "large")
    again = json.loads(out)
    assert again == described | {"cached": True, "wall_s": again["wall_s"]}


def test_a_wrong_result_fails(adder: ModuleType, outcome: Any) -> None:
    adder.reference = lambda case, x: {"y": x + case.constant + (np.arange(x.size) == 3)}  # type: ignore[attr-defined]
    code, out, _ = outcome(adder, "--run")
    assert code == 1
    assert out.startswith("adder small: FAIL\n")
    assert "\n  y: outside tolerance (exact): 1 of 16 elements differ too much" in out


def test_a_finding_fails_whatever_the_numbers(adder: ModuleType, outcome: Any) -> None:
    adder.design = lambda case: program(lambda x, y: None, elements=case.elements)  # type: ignore[attr-defined]
    code, out, _ = outcome(adder, "--run", "--json")
    assert code == 1
    described = json.loads(out)
    assert described["passed"] is False
    assert described["findings"]


def test_nothing_compared_is_not_a_pass(adder: ModuleType, outcome: Any) -> None:
    adder.unpack = lambda case, arguments: {}  # type: ignore[attr-defined]
    adder.pack = lambda case, inputs: (inputs["x"], np.zeros_like(inputs["x"]))  # type: ignore[attr-defined]
    code, out, _ = outcome(adder, "--run")
    assert code == 1
    assert out.startswith("adder small: FAIL\n")


def test_the_seed_draws_the_inputs(adder: ModuleType, outcome: Any, tmp_path: Path) -> None:
    def output(*arguments: object) -> np.ndarray:
        assert outcome(adder, "--run", "--output", tmp_path / "y.npz", *arguments)[0] == 0
        return np.load(tmp_path / "y.npz")["y"]

    assert (output() == output("--seed", 0)).all()
    assert (output() != output("--seed", 1)).any()


def test_the_users_own_inputs(adder: ModuleType, outcome: Any, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=np.arange(16, dtype=np.int32))
    files = ("--input", tmp_path / "x.npz", "--output", tmp_path / "y.npz")
    assert outcome(adder, "--run", *files)[0] == 0
    assert (np.load(tmp_path / "y.npz")["y"] == np.arange(16) + 1).all()


def test_the_users_inputs_may_make_their_own_case(
    adder: ModuleType, outcome: Any, tmp_path: Path
) -> None:
    adder.case_for_inputs = lambda inputs: Case("yours", elements=inputs["x"].size)  # type: ignore[attr-defined]
    np.savez(tmp_path / "x.npz", x=np.arange(32, dtype=np.int32))
    code, out, _ = outcome(adder, "--run", "--input", tmp_path / "x.npz")
    assert code == 0
    assert out.startswith("adder yours: PASS\n")


def test_floats_are_rounded_to_bfloat16_and_told(
    adder: ModuleType, outcome: Any, tmp_path: Path
) -> None:
    bfloat16 = np.dtype(ml_dtypes.bfloat16)

    class Copy(Case):
        def inputs(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
            return {"x": np.zeros(self.elements, bfloat16)}

        def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
            return {"y": ((self.elements,), bfloat16)}

    def copy(x_line: Any, y_line: Any) -> None:
        from aie.iron.controlflow import range_

        for position in range_(16):
            y_line[position] = x_line[position]

    adder.CASES = (Copy("copy"),)  # type: ignore[attr-defined]
    adder.design = lambda case: program(copy, elements=case.elements, dtype=ml_dtypes.bfloat16)  # type: ignore[attr-defined]
    adder.reference = lambda case, x: {"y": x}  # type: ignore[attr-defined]
    np.savez(tmp_path / "x.npz", x=np.linspace(0, 1, 16, dtype=np.float32))
    code, _, err = outcome(adder, "--run", "--input", tmp_path / "x.npz")
    assert (code, err) == (0, "ironbird: input 'x' was rounded from float32 to bfloat16\n")


def test_emit_mlir_and_stop_after(adder: ModuleType, outcome: Any) -> None:
    code, out, _ = outcome(adder, "--emit-mlir")
    assert (code, out) == (0, print_module(add_constant(16, 1).resolve_program()))
    code, out, _ = outcome(adder, "--stop-after", "place-tiles")
    assert code == 0
    assert "aie.logical_tile" not in print_module(parse_module(out))
    code, out, _ = outcome(adder, "--stop-after", "plan")
    assert code == 0
    assert "aie." not in out


def test_trace_is_a_timeline(adder: ModuleType, outcome: Any, tmp_path: Path) -> None:
    assert outcome(adder, "--run", "--trace", tmp_path / "t.json")[0] == 0
    events = json.loads((tmp_path / "t.json").read_text())["traceEvents"]
    spans = [event for event in events if event["ph"] == "X"]
    assert spans
    assert all(span["dur"] >= 0 and span["ts"] >= 0 and span["name"] for span in spans)
    named = {event["tid"] for event in events if event["name"] == "thread_name"}
    assert {span["tid"] for span in spans} <= named


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--run", "--case", "huge"),
            "design 'adder' has no case 'huge'\n  because: its cases are small, large",
        ),
        (
            ("--run", "--input", "names.npz"),
            "the design has no input 'z'\n  because: its inputs are x",
        ),
        (
            ("--run", "--input", "shape.npz"),
            "input 'x' has the shape [32]\n  because: the case takes [16]",
        ),
        (
            ("--run", "--input", "type.npz"),
            "input 'x' holds float32\n"
            "  because: the case takes int32\n"
            "  try: convert it with .astype(int32)",
        ),
        (("--run", "--input", "absent.npz"), "there is no file absent.npz"),
    ],
)
def test_misuse_is_refused(
    adder: ModuleType,
    outcome: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    np.savez(tmp_path / "names.npz", z=np.zeros(16, np.int32))
    np.savez(tmp_path / "shape.npz", x=np.zeros(32, np.int32))
    np.savez(tmp_path / "type.npz", x=np.zeros(16, np.float32))
    monkeypatch.chdir(tmp_path)
    assert outcome(adder, *arguments) == (1, "", f"{message}\n")
