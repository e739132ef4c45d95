"""Programs that compile to files and load them: `aie.utils` over the simulator."""

import argparse
import json
from pathlib import Path
from typing import Any

import aie.iron as iron
import aie.utils
import numpy as np
import pytest
from aie.iron import CompileTime, ExternalFunction, In, Out
from aie.utils import DefaultNPURuntime, NPUKernel
from aie.utils.compile.cache.circular_cache import CircularCache
from aie.utils.compile.cache.utils import file_lock
from aie.utils.compile.utils import (
    compile_cxx_core_function,
    compile_external_kernel,
    compile_mlir_module,
)
from aie.utils.config import cxx_header_path, peano_install_dir, root_path
from aie.utils.hostruntime import bfloat16_safe_allclose
from aie.utils.hostruntime.cli import run_design_cli
from aie.utils.hostruntime.hostruntime import HostRuntime
from aie.utils.hostruntime.tensor_class import CPUOnlyTensor
from aie.utils.hostruntime.xrtruntime.hostruntime import CachedXRTRuntime
from aie.utils.hostruntime.xrtruntime.tensor import XRTTensor
from aie.utils.jit import hash_module
from aie.utils.test import create_npu_kernel, parse_args

from ironbird.base.errors import ToolError, UsageError
from ironbird.session.jit import jit
from ironbird.session.result import RunFailed
from ironbird.session.simulation_file import read_simulation_file
from tests.session.programs import (
    AMPLIFY,
    add_constant,
    add_generator,
    line_type,
    program,
)


@pytest.fixture
def compiled(tmp_path: Path) -> tuple[Path, Path]:
    return jit(add_generator).compile(
        x=line_type(),
        y=line_type(),
        constant=3,
        xclbin_path=tmp_path / "build" / "final.xclbin",
        inst_path=tmp_path / "build" / "insts.bin",
    )


def tensors() -> tuple[Any, Any]:
    return iron.arange(16, dtype=np.int32), iron.zeros(16, dtype=np.int32)


def after_line(error: BaseException) -> str:
    """The message without its place."""
    return str(error).partition(": ")[2]


def test_what_is_written_says_that_it_is_no_file_for_the_chip(compiled: tuple[Path, Path]) -> None:
    design, instructions = compiled
    assert json.loads(design.read_text())["what"] == (
        "a design compiled by ironbird for its simulator; not an xclbin, no NPU can load it"
    )
    assert json.loads(instructions.read_text())["what"] == (
        "the place of the instructions of a design compiled by ironbird; its simulator needs none: "
        "the sequence is in the design's own file"
    )


def test_a_kernel_is_loaded_by_path_and_called(compiled: tuple[Path, Path]) -> None:
    kernel = NPUKernel(*compiled)
    x, y = tensors()
    result = kernel(x, y)
    assert result.is_success()
    assert result.npu_time == result.run.npu_time > 0
    assert result.where.startswith("simulator (native, ")
    assert not result.has_trace()
    assert (y.numpy() == np.arange(16) + 3).all()
    assert (kernel.xclbin_path, kernel.kernel_name) == (str(compiled[0]), "MLIR_AIE")
    assert kernel.insts_path == str(compiled[1])


def test_paths_nobody_asked_for_are_in_the_cache() -> None:
    design, instructions = jit(add_generator).compile(x=line_type(), y=line_type())
    assert design.parent.name == instructions.parent.name == ".compiled"
    _, result = DefaultNPURuntime.load_and_run(NPUKernel(design, instructions), list(tensors()))
    assert result.is_success()


def test_lines_of_the_program_survive_the_file(tmp_path: Path) -> None:
    def writes_nothing(x_line: Any, y_line: Any) -> None:
        pass

    @jit
    def design(x: In, y: Out) -> Any:
        return program(writes_nothing, elements=16).resolve_program()

    kernel = NPUKernel(*design.compile(xclbin_path=tmp_path / "a", inst_path=tmp_path / "b"))
    with pytest.raises(RunFailed) as caught:
        kernel(*tensors())
    with pytest.raises(RunFailed) as direct:
        design(*tensors())
    assert str(caught.value) == str(direct.value)
    handle = DefaultNPURuntime.load(kernel)
    assert not DefaultNPURuntime.run(handle, *tensors(), fail_on_error=False).is_success()


def test_the_runtimes_own_test_compares(
    compiled: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    xclbin, insts = map(str, compiled)
    loaded = create_npu_kernel(parse_args(["-x", xclbin, "-i", insts, "-k", "MLIR_AIE"]))
    x, y = tensors()
    good, bad = np.arange(16) + 3, np.arange(16)
    runtime = aie.utils.DefaultNPURuntime
    assert isinstance(runtime, HostRuntime)
    assert type(runtime) is CachedXRTRuntime
    assert runtime.run_test(loaded.npu_kernel, [x, y], {1: good}, verify=loaded.verify) == 0
    assert capsys.readouterr().out == ""
    assert runtime.run_test(loaded, [x, y], {1: bad}) == 1
    assert capsys.readouterr().out == (
        "tensor 1: outside tolerance (exact): 16 of 16 elements differ too much, max abs error 3, "
        "relative L2 0.3408; first at (0,); worst at (0,): 3, expected 0\n"
    )
    assert runtime.run_test(loaded, [x, y], {1: bad}, verify=False) == 0


def test_files_that_hold_no_design(tmp_path: Path) -> None:
    foreign = tmp_path / "final.xclbin"
    foreign.write_bytes(b"xclbin2\x00\xff")
    with pytest.raises(UsageError) as caught:
        NPUKernel(foreign)(*tensors())
    assert after_line(caught.value).splitlines()[::2] == [
        f"{foreign} is not a design compiled by ironbird",
        "  try: compile the design with ironbird; files for the chip need mlir-aie and the chip",
    ]
    foreign.write_text("{}")
    with pytest.raises(UsageError) as unnamed:
        read_simulation_file(foreign)
    assert "  because: it does not say what it is" in str(unnamed.value).splitlines()
    with pytest.raises(UsageError) as gone:
        NPUKernel(tmp_path / "gone")(*tensors())
    assert after_line(gone.value) == f"there is no file {tmp_path / 'gone'}"
    with pytest.raises(UsageError) as other:
        NPUKernel(foreign, device_index=1)
    assert after_line(other.value) == (
        "NPUKernel(device_index=1)\n  because: one device is simulated, number 0"
    )


def test_a_kernel_compiled_by_hand_is_found_by_its_object(tmp_path: Path) -> None:
    (tmp_path / "amplify.cc").write_text(AMPLIFY)
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "factor.h").write_text("#define FACTOR 9\n")
    compile_cxx_core_function(
        "amplify.cc", "aie2", "kernels.o", include_dirs=["include"], cwd=tmp_path
    )
    kernel = iron.Kernel("amplify", "kernels.o", [line_type(), line_type()])
    module = program(lambda x, y, call: call(x, y), elements=16, kernel=kernel).resolve_program()
    compile_mlir_module(
        module, xclbin_path=tmp_path / "a.xclbin", insts_path=tmp_path / "a.bin", work_dir=tmp_path
    )
    x, y = tensors()
    NPUKernel(tmp_path / "a.xclbin", tmp_path / "a.bin")(x, y)
    assert (y.numpy() == 9 * np.arange(16)).all()

    @jit(object_files=[tmp_path / "kernels.o"])
    def design(x: In, y: Out) -> Any:
        return module

    design(x, y)
    assert (y.numpy() == 9 * np.arange(16)).all()


def test_an_external_function_compiled_by_hand(tmp_path: Path) -> None:
    twice = ExternalFunction(
        "twice",
        source_string='extern "C" void twice(const int *x, int *y) {'
        " for (int i = 0; i < 16; i++) y[i] = 2 * x[i]; }",
        arg_types=[line_type(), line_type()],
    )
    compile_external_kernel(twice, tmp_path, "aie2")
    named = iron.Kernel("twice", "twice.o", [line_type(), line_type()])
    module = program(lambda x, y, call: call(x, y), elements=16, kernel=named).resolve_program()
    compile_mlir_module(str(module), xclbin_path=tmp_path / "a.xclbin", work_dir=tmp_path)
    x, y = tensors()
    NPUKernel(tmp_path / "a.xclbin")(x, y)
    assert (y.numpy() == 2 * np.arange(16)).all()
    assert len(hash_module(module, [twice], "aie2")) == 16
    assert hash_module(module, [twice]) != hash_module(module)


def test_what_only_the_chips_tools_do(tmp_path: Path) -> None:
    module = add_constant(16, 1).resolve_program()
    with pytest.raises(UsageError) as pdi:
        compile_mlir_module(module, pdi_path="main.pdi")
    assert after_line(pdi.value) == (
        "pdi_path=main.pdi cannot be written\n"
        "  because: a PDI configures the chip, and the embedded back end simulates"
    )
    with pytest.raises(UsageError) as other:
        compile_cxx_core_function("a.cc", "aie2p", "a.o")
    assert after_line(other.value) == (
        "target_arch='aie2p'\n  because: npu1 is aie2\n  try: 'aie2'"
    )
    with pytest.raises(UsageError) as missing:
        compile_cxx_core_function("a.cc", "aie2", "a.o", cwd=tmp_path)
    assert after_line(missing.value) == f"there is no kernel source {tmp_path / 'a.cc'}"
    with pytest.raises(ToolError) as peano:
        peano_install_dir()
    assert after_line(peano.value) == (
        "peano_install_dir(): Peano is not used\n"
        "  because: kernels are compiled for the host that simulates, by its own compiler\n"
        "  try: aie.utils.compile.utils.compile_cxx_core_function, or ExternalFunction"
    )
    with pytest.raises(UsageError) as instructions:
        DefaultNPURuntime.read_insts("insts.bin")
    assert after_line(instructions.value) == (
        "insts.bin holds no instructions\n"
        "  because: the simulator runs the design's sequence from the design's own file"
    )
    with pytest.raises(UsageError) as buffer:
        XRTTensor((4,)).buffer_object()
    assert after_line(buffer.value) == (
        "this tensor has no buffer object of XRT\n"
        "  because: the embedded runtime simulates, in numpy's memory\n"
        "  try: tensor.numpy()"
    )
    with pytest.raises(ImportError, match=r"^aie\.utils\.bfp\.quantize exists upstream, but not"):
        from aie.utils.bfp import quantize  # noqa: F401


def test_places_and_answers_of_this_machine() -> None:
    assert (Path(cxx_header_path()) / "aie_api" / "aie.hpp").is_file()
    assert Path(root_path()).name == "ironbird"
    assert not aie.utils.has_xrt()
    assert not aie.utils.has_hrx()
    assert DefaultNPURuntime.device().name == "npu1"
    aie.utils.cleanup_npu_runtime()
    assert XRTTensor([1, 2], dtype=np.int16, group_id=3).group_id == 3
    assert CPUOnlyTensor((2,)).device == "cpu"
    assert CPUOnlyTensor(np.zeros(2, np.int8)).dtype == np.int8
    half = iron.ones(4, dtype=iron.str_to_dtype("bf16")).numpy()
    assert bfloat16_safe_allclose(half.dtype, half, half)
    assert not bfloat16_safe_allclose(half.dtype, half, 2 * half)


@jit
def stepped(x: In, y: Out, *, constant: CompileTime[int]) -> Any:
    return add_constant(16, constant)


@pytest.mark.parametrize("asked", ["print", "compile", "run"])
def test_run_design_cli(asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opts = argparse.Namespace(
        emit_mlir=asked == "print",
        xclbin_path=str(tmp_path / "x") if asked == "compile" else None,
        insts_path=str(tmp_path / "i") if asked == "compile" else None,
    )
    validated: list[Any] = []
    found = run_design_cli(
        stepped,
        opts,
        compile_kwargs={"constant": 4},
        run_and_verify=lambda options: ("ran", options),
        validate=validated.append,
    )
    assert validated == [opts]
    assert found == (("ran", opts) if asked == "run" else None)
    printed = capsys.readouterr().out
    if asked == "print":
        assert printed == stepped.as_mlir(constant=4) + "\n"
    if asked == "compile":
        assert printed == f"{tmp_path / 'x'} {tmp_path / 'i'}\n"
        assert (tmp_path / "x").is_file()


def test_a_bounded_cache_forgets_the_oldest() -> None:
    cache = CircularCache(2)
    for key in "abc":
        cache[key] = key.upper()
    assert ("a" in cache, len(cache), cache["c"]) == (False, 2, "C")
    cache.clear()
    assert len(cache) == 0


def test_a_file_lock_is_held_by_one(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with file_lock(lock):
        with pytest.raises(ToolError) as caught, file_lock(lock, timeout_seconds=0):
            pass
        assert after_line(caught.value) == (
            f"the lock {lock} is held by somebody else\n"
            "  because: it was not let go within 0 s\n"
            "  try: remove the file if no process holds it"
        )
    with file_lock(lock):
        assert lock.is_file()
    assert not lock.exists()
