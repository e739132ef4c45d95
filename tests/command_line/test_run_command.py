"""`python -m ironbird run`: programs unmodified, modules with files for tensors."""

import json
from pathlib import Path

import numpy as np
import pytest

import ironbird.provide  # noqa: F401  (before the programs import `aie`)
from ironbird.__main__ import main
from ironbird.ir import print_module
from tests.command_line.conftest import Command
from tests.session.programs import add_constant, call_amplify

TOLD = "ironbird: embedded aie (mlir-aie is not installed)\n"

PROGRAM = """
import sys
import numpy as np
import aie.iron as iron
from aie.iron import CompileTime, In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

@iron.jit
def add(x: In, y: Out, *, constant: CompileTime[int]):
    line = np.ndarray[(16,), np.dtype[np.int32]]
    x_fifo, y_fifo = ObjectFifo(line, name="x"), ObjectFifo(line, name="y")

    def core(x_in, y_out):
        x_line, y_line = x_in.acquire(1), y_out.acquire(1)
        for position in range_(16):
            y_line[position] = x_line[position] + constant
        x_in.release(1)
        y_out.release(1)

    def sequence(x, y, x_in, y_out):
        x_in.fill(x)
        y_out.drain(y, wait=True)

    whole = np.ndarray[(x.size,), np.dtype[np.int32]]
    runtime = Runtime(sequence, [whole, whole, x_fifo.prod(), y_fifo.cons()])
    worker = Worker(core, [x_fifo.cons(), y_fifo.prod()])
    return Program(NPU1Col1(), runtime, workers=[worker]).resolve_program()

if __name__ == "__main__":
    x, y = iron.arange(16, dtype=np.int32), iron.zeros(16, dtype=np.int32)
    result = add(x, y, constant=int(sys.argv[2]))
    print(sys.argv[0], y.numpy()[:3], result.where)
"""


def test_a_program_runs_unmodified(command: Command, tmp_path: Path) -> None:
    (tmp_path / "their_design.py").write_text(PROGRAM)
    done = command("ironbird", "run", "their_design.py", "--", "-n", "1")
    assert done.stderr == TOLD
    assert done.stdout.startswith("their_design.py [1 2 3] simulator (native, ")
    assert done.returncode == 0


def test_a_design_error_ends_with_its_message(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(
        "import numpy as np\n"
        "from aie.iron import ObjectFifo\n"
        "ObjectFifo(np.ndarray[(16,), np.dtype[np.complex64]])\n"
    )
    done = command("ironbird", "run", "bad.py")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"{TOLD}bad.py:3: ")
    assert "Traceback" not in done.stderr
    traced = command("ironbird", "run", "bad.py", IRONBIRD_TRACEBACK="1")
    assert traced.returncode == 1
    assert "Traceback" in traced.stderr


def test_ctrl_c_ends_with_130(command: Command, tmp_path: Path) -> None:
    (tmp_path / "stopped.py").write_text("raise KeyboardInterrupt\n")
    done = command("ironbird", "run", "stopped.py")
    assert (done.returncode, done.stderr) == (130, f"{TOLD}interrupted\n")


@pytest.fixture
def adder(tmp_path: Path) -> Path:
    module = tmp_path / "adder.mlir"
    module.write_text(print_module(add_constant(16, 1).resolve_program()))
    np.save(tmp_path / "x.npy", np.arange(16, dtype=np.int32))
    return module


def test_a_module_runs_on_files(command: Command, tmp_path: Path, adder: Path) -> None:
    done = command("ironbird", "run", adder, "--arg", "0=x.npy", "--out", "1=y.npy")
    assert done.stderr == ""
    assert done.stdout.startswith(f"{adder}: done\n  where   simulator (native, ")
    assert done.returncode == 0
    assert (np.load(tmp_path / "y.npy") == np.arange(16) + 1).all()


def test_json_is_one_object(command: Command, adder: Path) -> None:
    done = command("ironbird", "run", adder, "--arg", "0=x.npy", "--json")
    described = json.loads(done.stdout)
    assert list(described) == [
        "file",
        "where",
        "cycles",
        "modelled_us",
        "wall_s",
        "cached",
        "findings",
        "notes",
    ]
    assert described["findings"] == []
    assert described["cycles"] > 0
    assert isinstance(described["cached"], bool)


def test_kernels_are_found_and_defined(command: Command, tmp_path: Path) -> None:
    kernels = tmp_path / "kernels"
    kernels.mkdir()
    (kernels / "amplify.cc").write_text(
        'extern "C" void amplify(const int *x, int *y) {\n'
        "  for (int i = 0; i < 16; i++) y[i] = FACTOR * x[i];\n"
        "}\n"
    )
    module = tmp_path / "amplify.mlir"
    module.write_text(print_module(call_amplify(16, kernels / "amplify.cc").resolve_program()))
    np.save(tmp_path / "x.npy", np.arange(16, dtype=np.int32))
    files = ("--arg", "0=x.npy", "--out", "1=y.npy")
    done = command("ironbird", "run", module, *files, "--kernels", kernels, "--define", "FACTOR=6")
    assert done.stderr == ""
    assert (np.load(tmp_path / "y.npy") == 6 * np.arange(16)).all()

    missing = command("ironbird", "run", module, *files)
    assert missing.returncode == 1
    assert "kernel 'amplify' is linked with 'amplify.o', and there is no source for it" in (
        missing.stderr
    )
    assert (
        "  because: looked for amplify.cc, amplify.cpp, amplify, and for a definition of "
        f"'amplify', in {tmp_path}"
    ) in missing.stderr


def test_a_module_that_does_not_parse_is_refused_with_line_and_column(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "broken.mlir").write_text("module {\n  aie.device(npu1) {\n    aie.nonsense\n")
    done = command("ironbird", "run", "broken.mlir")
    assert done.returncode == 1
    assert done.stderr.startswith("broken.mlir:3:")
    assert "aie.nonsense" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("absent.py",), "there is no file absent.py"),
        (("x.npy",), "x.npy is neither a .py nor a .mlir file"),
        (
            ("binary.mlir",),
            "binary.mlir is not text in UTF-8\n"
            "  because: byte 1 is 0xff\n"
            "  try: the textual form of the module (aie-opt without --emit-bytecode)",
        ),
        (
            ("empty.mlir",),
            "empty.mlir:1:1: the module has no devices; a plan is made of one\n"
            "  because: there is no aie.device in it",
        ),
        (
            ("adder.mlir",),
            "tensor 0 is read by the program, and no file is given for it\n"
            "  because: it is int32 [16]\n"
            "  try: --arg 0=FILE.npy",
        ),
        (
            ("adder.mlir", "--arg", "x.npy"),
            "--arg x.npy is not N=FILE.npy\n  because: N counts the tensors from 0",
        ),
        (
            ("adder.mlir", "--arg", "0=x.npy", "--arg", "0=x.npy"),
            "--arg is given twice for tensor 0",
        ),
        (
            ("adder.mlir", "--arg", "0=x.npy", "--out", "2=y.npy"),
            "--out names tensor 2\n  because: the program has 2, counted from 0",
        ),
        (("adder.mlir", "--arg", "0=absent.npy"), "there is no file absent.npy"),
        (("adder.mlir", "--kernels", "absent"), "--kernels absent is not a folder"),
        (
            ("program.py", "--stop-after", "plan"),
            "--stop-after is for a .mlir file, and program.py is a program\n"
            "  try: pass the program its own options after --: program.py -- --stop-after ...",
        ),
        (
            ("program.py", "--json"),
            "--json is for a .mlir file, and program.py is a program\n"
            "  try: pass the program its own options after --: program.py -- --json ...",
        ),
    ],
)
def test_misuse_is_refused(
    adder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    (tmp_path / "program.py").write_text("")
    (tmp_path / "binary.mlir").write_bytes(b"\x00\xff")
    (tmp_path / "empty.mlir").write_text("module {\n}\n")
    monkeypatch.chdir(tmp_path)
    assert main(["run", *arguments]) == 1
    assert capsys.readouterr().err == f"{message}\n"
