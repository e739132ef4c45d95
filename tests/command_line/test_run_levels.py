"""`python -m ironbird run` on modules at every level, and on kernels whatever names them."""

from pathlib import Path

import numpy as np
import pytest

from ironbird.__main__ import main
from tests.lowering_samples import APRIL, AUGUST, sample_text

LEVELS = [
    (AUGUST, "in.mlir"),
    (AUGUST, "placed.mlir"),
    (AUGUST, "lowered.mlir"),
    (AUGUST, "npu.mlir"),
    (APRIL, "npu.mlir"),
]


@pytest.mark.parametrize(("version", "level"), LEVELS)
def test_one_design_at_every_level(version: str, level: str, tmp_path: Path) -> None:
    """A core adds three: fifos, then placed, then locks and descriptors, then registers."""
    module = tmp_path / level
    module.write_text(sample_text(version, "01_single_in_out", level))
    taken = np.arange(192, dtype=np.int32)
    np.save(tmp_path / "x.npy", taken)
    files = ["--arg", f"0={tmp_path / 'x.npy'}", "--out", f"1={tmp_path / 'y.npy'}"]
    assert main(["run", str(module), *files]) == 0
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), taken + 3)


# Two versions of one kernel with a hash before each name; one of them C++ cannot spell.
TWO_VERSIONS = """module {
aie.device(npu1) @first {
%shim = aie.tile(0, 0)
%tile = aie.tile(0, 2)
func.func private @"1f0c6a52_scale"(memref<16xi32>, memref<16xi32>) attributes {link_with = "1f0c6a52_scale.o"}
func.func private @beefcafe_scale(memref<16xi32>, memref<16xi32>) attributes {link_with = "beefcafe_scale.o"}
func.func private @add_one(%line: memref<16xi32>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %count = arith.constant 16 : index
  %added = arith.constant 1 : i32
  scf.for %i = %zero to %count step %one {
    %old = memref.load %line[%i] : memref<16xi32>
    %new = arith.addi %old, %added : i32
    memref.store %new, %line[%i] : memref<16xi32>
  }
  return
}
%middle = aie.buffer(%tile) {sym_name = "middle"} : memref<16xi32>
aie.objectfifo @x(%shim, {%tile}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @y(%tile, {%shim}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%core = aie.core(%tile) {
  %0 = aie.objectfifo.acquire @x(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
  %1 = aie.objectfifo.subview.access %0[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  %2 = aie.objectfifo.acquire @y(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
  %3 = aie.objectfifo.subview.access %2[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  func.call @"1f0c6a52_scale"(%1, %middle) : (memref<16xi32>, memref<16xi32>) -> ()
  func.call @beefcafe_scale(%middle, %3) : (memref<16xi32>, memref<16xi32>) -> ()
  func.call @add_one(%3) : (memref<16xi32>) -> ()
  aie.objectfifo.release @x(Consume, 1)
  aie.objectfifo.release @y(Produce, 1)
  aie.end
}
aie.runtime_sequence @nothing() {
}
aie.runtime_sequence @once(%a: memref<16xi32>, %b: memref<16xi32>) {
  %t = aiex.dma_configure_task_for @x {
    aie.dma_bd(%a : memref<16xi32>, 0, 16)
    aie.end
  }
  aiex.dma_start_task(%t)
  %u = aiex.dma_configure_task_for @y {
    aie.dma_bd(%b : memref<16xi32>, 0, 16)
    aie.end
  } {issue_token = true}
  aiex.dma_start_task(%u)
  aiex.dma_await_task(%u)
}
}
aie.device(npu1) @second {
}
}
"""  # noqa: E501


def _line_of(text: str) -> int:
    """The line of `TWO_VERSIONS` in which `text` stands first."""
    return TWO_VERSIONS[: TWO_VERSIONS.index(text)].count("\n") + 1


def test_hashed_kernels_a_function_with_a_body_and_a_chosen_sequence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "versions.mlir"
    module.write_text(TWO_VERSIONS)
    kernels = tmp_path / "kernels"
    kernels.mkdir()
    (kernels / "scale.cc").write_text(
        'extern "C" void scale(const int *x, int *y) {\n'
        "  for (int i = 0; i < 16; i++) y[i] = FACTOR * x[i];\n"
        "}\n"
    )
    np.save(tmp_path / "x.npy", np.arange(16, dtype=np.int32))
    files = ["--arg", f"0={tmp_path / 'x.npy'}", "--out", f"1={tmp_path / 'y.npy'}"]
    options = ["--kernels", str(kernels), "--define", "FACTOR=3"]
    chosen = ["--entry", "first", "--sequence", "once"]
    assert main(["run", str(module), *files, *options, *chosen]) == 0
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), 9 * np.arange(16) + 1)

    capsys.readouterr()
    assert main(["run", str(module), *files, *options]) == 1
    assert capsys.readouterr().err == (
        f"{module}:{_line_of('@second')}:1: the module has 2 devices; a plan is made of one\n"
        "  because: they are @first, @second\n"
        "  try: --entry first, or another of them\n"
    )
    assert main(["run", str(module), *files, *options, "--entry", "first"]) == 1
    assert capsys.readouterr().err == (
        f"{module}:{_line_of('@once')}:1: device @first has 2 runtime sequences; one is run\n"
        "  because: they are @nothing, @once\n"
        "  try: --sequence nothing, or another of them\n"
    )


# The older form: the core names the object file, and two cores name different ones.
LINKED_BY_CORES = """module {
aie.device(npu1) {
%shim = aie.tile(0, 0)
%one = aie.tile(0, 2)
%two = aie.tile(0, 3)
func.func private @scale(memref<16xi32>, memref<16xi32>)
aie.objectfifo @x(%shim, {%one}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @m(%one, {%two}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @y(%two, {%shim}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%first = aie.core(%one) {
  %0 = aie.objectfifo.acquire @x(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
  %1 = aie.objectfifo.subview.access %0[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  %2 = aie.objectfifo.acquire @m(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
  %3 = aie.objectfifo.subview.access %2[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  func.call @scale(%1, %3) : (memref<16xi32>, memref<16xi32>) -> ()
  aie.objectfifo.release @x(Consume, 1)
  aie.objectfifo.release @m(Produce, 1)
  aie.end
} {link_with = "thrice.o"}
%second = aie.core(%two) {
  %0 = aie.objectfifo.acquire @m(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
  %1 = aie.objectfifo.subview.access %0[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  %2 = aie.objectfifo.acquire @y(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
  %3 = aie.objectfifo.subview.access %2[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  func.call @scale(%1, %3) : (memref<16xi32>, memref<16xi32>) -> ()
  aie.objectfifo.release @m(Consume, 1)
  aie.objectfifo.release @y(Produce, 1)
  aie.end
} {link_with = "five_times.o"}
aie.runtime_sequence(%a: memref<16xi32>, %b: memref<16xi32>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 16][0, 0, 0, 1]) {id = 0 : i64, metadata = @x} : memref<16xi32>
  aiex.npu.dma_memcpy_nd(%b[0, 0, 0, 0][1, 1, 1, 16][0, 0, 0, 1]) {id = 1 : i64, metadata = @y} : memref<16xi32>
  aiex.npu.dma_wait {symbol = @y}
}
}
}
"""  # noqa: E501


def test_each_core_is_linked_with_the_object_it_names(tmp_path: Path) -> None:
    module = tmp_path / "linked.mlir"
    module.write_text(LINKED_BY_CORES)
    for name, factor in (("thrice", 3), ("five_times", 5)):
        (tmp_path / f"{name}.cc").write_text(
            'extern "C" void scale(const int *x, int *y) {\n'
            f"  for (int i = 0; i < 16; i++) y[i] = {factor} * x[i];\n"
            "}\n"
        )
    np.save(tmp_path / "x.npy", np.arange(16, dtype=np.int32))
    files = ["--arg", f"0={tmp_path / 'x.npy'}", "--out", f"1={tmp_path / 'y.npy'}"]
    assert main(["run", str(module), *files]) == 0
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), 15 * np.arange(16))


def test_a_module_is_printed_after_any_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "versions.mlir"
    module.write_text(TWO_VERSIONS)
    chosen = ["--entry", "first", "--sequence", "once"]
    for stop_after, part in (
        ("place-tiles", "aie.objectfifo @x(%shim"),
        ("assign-lock-ids", "aie.use_lock("),
        ("npu", "aiex.npu.blockwrite("),
        ("plan", "sequence once\n  argument 0: 16 x i32, read\n"),
    ):
        assert main(["run", str(module), "--stop-after", stop_after, *chosen]) == 0
        assert part in capsys.readouterr().out.replace("%shim_noc_tile_0_0", "%shim")
    assert main(["run", str(module), "--stop-after", "nothing"]) == 1
    assert capsys.readouterr().err.startswith("there is no pass called 'nothing'\n")
