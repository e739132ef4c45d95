"""Compile and run: results, what the cache is keyed by, and what is refused before a launch."""

import errno
import gc
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ironbird import simulator
from ironbird.base.errors import DesignError, UsageError
from ironbird.session import compile as compile_module
from ironbird.session import plan_cache, recipe
from ironbird.session.build import default_cache
from ironbird.session.cache import SHARED, Entry
from ironbird.session.compile import Executable, compile
from ironbird.session.lowering import lower_to_plan
from ironbird.session.run import RunOptions, run
from ironbird.simulator.compiler import find_compiler
from tests.session.programs import add_constant, amplify, call_amplify


@pytest.fixture
def adder() -> Executable:
    """y = x + 1 over 16 int32."""
    return compile(add_constant(16, 1), title="adder")


def cached_designs() -> list[Entry]:
    return [entry for entry in default_cache().entries() if not entry.title.startswith("plan of ")]


def arguments(elements: int = 16) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(elements, dtype=np.int32), np.full(elements, -1, np.int32)


def test_a_result_says_everything(adder: Executable) -> None:
    x, y = arguments()
    result = run(adder, x, y)
    assert (y == x + 1).all()
    assert result.outputs[0] is y
    assert len(result.outputs) == 1
    assert re.fullmatch(
        r"simulator \(native, (g\+\+|clang\+\+|zig clang\+\+) [\d.]+, silicon\)", result.where
    )
    assert result.cycles > 0
    assert result.modelled_us == pytest.approx(result.cycles / 1000)
    assert result.clock == "7940HS"
    assert result.wall_seconds > 0
    assert result.findings == ()
    assert result.notes == ()
    assert result.is_success()


def test_the_clock_is_a_device_parameter(adder: Executable) -> None:
    result = run(adder, *arguments(), options=RunOptions(clock="8700G"))
    assert result.modelled_us == pytest.approx(result.cycles / 1800)


def test_the_interpreter_agrees(adder: Executable) -> None:
    x, native = arguments()
    _, interpreted = arguments()
    run(adder, x, native)
    result = run(adder, x, interpreted, options=RunOptions(backend="interpreter"))
    assert result.where.startswith("simulator (interpreter, ")
    assert (native == interpreted).all()


def test_flat_and_shaped_tensors_of_one_size_are_taken(adder: Executable) -> None:
    x, y = arguments()
    run(adder, x.reshape(4, 4), y.reshape(1, 16))
    assert (y == x + 1).all()


X, Y = arguments()
READ_ONLY = Y.copy()
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        (
            (X,),
            "the program was called with 1 tensor\n  because: it takes 2: int32 [16], int32 [16]",
        ),
        (
            (X, list(Y)),
            "tensor 1 is a list\n"
            "  because: the program takes int32 [16] there\n"
            "  try: pass a numpy array or an iron.tensor",
        ),
        (
            (X.astype(np.float32), Y),
            "tensor 0 holds float32\n"
            "  because: the program takes int32 [16] there\n"
            "  try: convert it with .astype(int32)",
        ),
        (
            (X.astype(">i4"), Y),
            "tensor 0 holds >i4\n"
            "  because: the program takes int32 [16] there\n"
            "  try: convert it with .astype(int32)",
        ),
        (
            (X[:8], Y),
            "tensor 0 has the shape [8], 8 elements\n"
            "  because: the program takes int32 [16] there, 16 elements",
        ),
        (
            (np.zeros((32,), np.int32)[::2], Y),
            "tensor 0 is not contiguous in memory\n"
            "  because: its strides are (8,) bytes; the program takes rows without gaps\n"
            "  try: pass np.ascontiguousarray of it",
        ),
        (
            (X, READ_ONLY),
            "tensor 1 is read-only\n  because: the program writes it\n  try: pass a copy",
        ),
    ],
)
def test_unfit_tensors_are_refused(adder: Executable, tensors: tuple, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(adder, *tensors)
    assert re.sub(r"^(tensor \d) \(\w+\)", r"\1", str(caught.value)) == message


@pytest.mark.parametrize("backend", ["native", "interpreter"])
def test_tensors_may_begin_at_any_byte(adder: Executable, backend: str) -> None:
    """The host's copy is what is moved, and it is aligned."""
    x, y = (np.zeros(65, np.uint8)[1:].view(np.int32) for _ in range(2))
    x[...] = X
    assert not x.flags.aligned
    result = run(adder, x, y, options=RunOptions(backend=backend))
    result.raise_for_findings()
    np.testing.assert_array_equal(y, X + 1)


def test_bad_options_are_refused() -> None:
    with pytest.raises(UsageError, match=r"^clock is '9 GHz'\n  because: it is 7940HS or 8700G$"):
        RunOptions(clock="9 GHz")
    with pytest.raises(
        UsageError, match=r"^backend is 'npu'\n  because: it is native or interpreter$"
    ):
        RunOptions(backend="npu")
    with pytest.raises(
        UsageError, match=r"^numerics is 'exact'\n  because: it is silicon or fast$"
    ):
        compile(add_constant(16, 1), numerics="exact")
    with pytest.raises(
        UsageError,
        match=r"^a str cannot be compiled\n"
        r"  try: pass a Program, or the module that its resolve_program\(\) returns$",
    ):
        compile("module {}")
    theirs = type("Program", (), {"__module__": "aie.iron.program"})()
    with pytest.raises(
        UsageError,
        match=r"^this Program is mlir-aie's own, and only the chip can run it\n"
        r"  because: the simulator takes programs of the embedded IRON\n"
        r"  try: IRONBIRD_IRON=embedded$",
    ):
        compile(theirs)


@pytest.mark.full
def test_an_edited_header_is_compiled_again(tmp_path: Path, cache_home: Path) -> None:
    x, y = arguments()
    for factor, cached in ((3, False), (3, True), (7, False)):
        executable = compile(amplify(16, tmp_path, factor=factor))
        result = run(executable, x, y)
        assert (y == factor * x).all()
        assert result.cached is executable.built.cached is cached


@pytest.mark.full
def test_designs_share_the_objects_of_a_kernel(tmp_path: Path, cache_home: Path) -> None:
    before = kept_kernels(cache_home)
    for elements in (16, 32):
        x, y = np.arange(elements, dtype=np.int32), np.zeros(elements, np.int32)
        run(compile(amplify(elements, tmp_path)), x, y)
        assert (y == 3 * x).all()
        assert len(kept_kernels(cache_home) - before) == 3  # to run, to count, for its frame


def kept_kernels(cache_home: Path) -> set[Path]:
    return set((cache_home / SHARED).glob("kernel-*.o"))


def test_everything_that_decides_what_is_built_is_in_the_key(
    tmp_path: Path, quick_builds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cached(elements: int = 16, **options: Any) -> bool:
        return compile(call_amplify(elements, tmp_path / "amplify.cc"), **options).built.cached

    amplify(16, tmp_path)
    assert [cached(), cached()] == [False, True]
    (tmp_path / "factor.h").write_text("#define FACTOR 5\n")
    assert [cached(), cached()] == [False, True]
    source = (tmp_path / "amplify.cc").read_text()
    (tmp_path / "amplify.cc").write_text(source + "// a comment is part of a source\n")
    assert [cached(), cached()] == [False, True]
    assert [cached(32), cached(32)] == [False, True]
    assert [cached(numerics="fast"), cached(numerics="fast")] == [False, True]
    monkeypatch.setattr(recipe, "emitter_version", lambda: "another")
    assert [cached(), cached()] == [False, True]
    other = replace(find_compiler(), identity="another")
    monkeypatch.setattr(compile_module, "find_compiler", lambda: other)
    assert [cached(), cached()] == [False, True]


def test_a_module_is_lowered_once(quick_builds: None, monkeypatch: pytest.MonkeyPatch) -> None:
    lowered: list[Any] = []

    def counted(module: Any) -> Any:
        lowered.append(module)
        return lower_to_plan(module)

    monkeypatch.setattr(plan_cache, "lower_to_plan", counted)
    first, second = (compile(add_constant(16, 1)) for _ in range(2))
    assert len(lowered) == 1
    assert first.plan == second.plan
    assert first.plan.sequence.at == second.plan.sequence.at is not None
    compile(add_constant(16, 2))
    assert len(lowered) == 2
    monkeypatch.setattr(plan_cache, "LOWERED_BY", ("ironbird.base",))
    compile(add_constant(16, 1))
    assert len(lowered) == 3


KEY_OF_ADDER = """
import ironbird.provide
from tests.session.programs import add_constant
from ironbird.session.compile import compile
from ironbird.ir import print_module
print(compile(add_constant(16, 1)).key)
print(print_module(add_constant(16, 1).resolve_program()))
"""


def test_racing_processes_print_one_module_and_leave_one_entry(cache_home: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", comment + KEY_OF_ADDER],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join(["", *sys.path]),
            },
        )
        for seed, comment in (("1", ""), ("2", "# a comment\n\n"))
    ]
    printed = {racer.communicate(timeout=300)[0] for racer in racers}
    assert [racer.returncode for racer in racers] == [0, 0]
    assert len(printed) == 1
    (entry,) = cached_designs()
    assert entry.defect is None


def test_a_damaged_entry_is_rebuilt_and_told(
    tmp_path: Path, quick_builds: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first = compile(amplify(16, tmp_path))
    (first.built.directory / "design.so").write_bytes(b"torn")
    second = compile(amplify(16, tmp_path))
    assert not second.built.cached
    assert (second.built.directory / "design.so").read_bytes() == b"code"
    note = "a damaged cache entry was rebuilt: design.so was changed"
    assert second.notes == (note,)
    assert capsys.readouterr().err == f"ironbird: {note}\n"
    assert compile(amplify(16, tmp_path)).built.cached


def test_a_cache_that_cannot_be_written_is_told_and_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file" / "cache"
    blocked.parent.write_text("not a folder")
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(blocked))
    executable = compile(add_constant(16, 1))
    x, y = arguments()
    result = run(executable, x, y)
    assert (y == x + 1).all()
    note = (
        f"the cache {blocked} cannot be written (Not a directory); built in a temporary directory"
    )
    assert result.notes == (note,)
    assert capsys.readouterr().err == f"ironbird: {note}\n"
    folder = executable.built.directory
    assert folder.is_dir()
    del executable
    gc.collect()
    assert not folder.exists()


def test_a_full_disk_is_told_and_does_not_matter(
    cache_home: Path,
    quick_builds: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build = simulator.build

    def on_a_full_disk(plan: Any, sources: Any, directory: Path, *rest: Any, **named: Any) -> None:
        if cache_home in directory.parents:
            (directory / "half").write_bytes(b"...")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        build(plan, sources, directory, *rest, **named)

    monkeypatch.setattr(simulator, "build", on_a_full_disk)
    executable = compile(add_constant(16, 1))
    assert (executable.built.directory / "design.so").is_file()
    note = (
        f"the cache {cache_home} cannot be written (No space left on device); "
        "built in a temporary directory"
    )
    assert executable.notes == (note,)
    assert capsys.readouterr().err == f"ironbird: {note}\n"
    assert cached_designs() == []
    assert list(cache_home.glob(".building-*")) == []


def test_an_interrupted_build_leaves_nothing(
    cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(plan, sources, directory: Path, *rest, **named) -> None:
        (directory / "design.so").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(simulator, "build", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compile(add_constant(16, 1))
    assert cached_designs() == []
    assert list(cache_home.glob(".building-*")) == []


def test_a_source_that_changes_during_the_build_is_not_cached(
    tmp_path: Path, quick_builds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = simulator.build

    def edited_meanwhile(*arguments: Any, **named: Any) -> None:
        build(*arguments, **named)
        (tmp_path / "factor.h").write_text("#define FACTOR 9\n")

    monkeypatch.setattr(simulator, "build", edited_meanwhile)
    executable = compile(amplify(16, tmp_path))
    assert executable.built.notes == (
        f"{tmp_path / 'factor.h'} changed during the build; it was not cached",
    )
    assert cached_designs() == []


def test_a_kernel_that_does_not_compile_shows_the_authors_line(
    tmp_path: Path, cache_home: Path
) -> None:
    source = 'extern "C" void amplify(const int *x, int *y) {\n  y[0] = loudness * x[0];\n}\n'
    with pytest.raises(DesignError) as caught:
        compile(amplify(16, tmp_path, source=source))
    path = re.escape(str(tmp_path / "amplify.cc"))
    assert re.fullmatch(
        rf"{path}:2:10: kernel source amplify\.cc does not compile\n"
        rf"  because: {path}:2:10: error: .*'loudness'[^/]*",
        str(caught.value),
        re.DOTALL,
    )
    assert cached_designs() == []
    assert list(cache_home.glob(".building-*")) == []
