"""The builds beside the silicon one: frame, counting, fast, another compiler; refusals."""

import ctypes
import re
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from core_layout import bound_core
from kernel_build import (
    HALF_WIDTH_PROCESSOR,
    Kernels,
    aligned,
    compile_library,
    copied,
    run_compiler,
)

from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.kernel_build import INCLUDE_DIRECTORIES, kernel_variants

MATRIX = """
#include "aie_kernel_utils.h"
extern "C" void matrix(const bfloat16 *a, const bfloat16 *b, float *c) {
  using Block = aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat>;
  Block c00, c01, c10, c11;
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(4)
  for (int k = 0; k < 8; ++k) {
    auto a0 = aie::load_v<32>(a + 64 * k), a1 = aie::load_v<32>(a + 64 * k + 32);
    auto b0 = aie::load_v<32>(b + 64 * k), b1 = aie::load_v<32>(b + 64 * k + 32);
    c00.mac(a0, b0), c01.mac(a0, b1), c10.mac(a1, b0), c11.mac(a1, b1);
  }
  aie::store_v(c, c00.to_vector<float>());
  aie::store_v(c + 16, c01.to_vector<float>());
  aie::store_v(c + 32, c10.to_vector<float>());
  aie::store_v(c + 48, c11.to_vector<float>());
}
"""

FRAMES = """
#include <lut_based_ops.h>
extern "C" float with_array(const float *x) {
  alignas(aie::vector_decl_align) float scores[512];
  const auto first = aie::load_v<16>(x);
  for (int i = 0; i < 512; i += 16)
    aie::store_v(scores + i, aie::mul(aie::load_v<16>(x + i), first).to_vector<float>());
  float largest = scores[0];
  for (int i = 0; i < 512; i += 16)
    largest = aie::max(largest, aie::reduce_max(aie::load_v<16>(scores + i)));
  return largest;
}
extern "C" void with_iterators(const bfloat16 *x, bfloat16 *y) {
  alignas(32) bfloat16 exponentials[256];
  auto in = aie::cbegin_vector<16>(x);
  auto middle = aie::begin_vector<16>(exponentials);
  for (int i = 0; i < 16; ++i)
    *middle++ = aie::accum<accfloat, 16>(getExpBf16(*in++)).to_vector<bfloat16>();
  auto from = aie::cbegin_vector<16>(exponentials);
  auto out = aie::begin_restrict_vector<16>(y);
  for (int i = 0; i < 16; ++i) *out++ = aie::inv(*from++);
}
extern "C" void with_native_types(const int16 *x, int16 *y) {
  v32acc32 sums = mul_elem_32(*(v32int16 *)x, *(v32int16 *)(x + 32));
  v32int16 moved = shuffle(srs_to_v32int16(sums, 4), *(v32int16 *)x, T16_16x4_lo);
  *(v32int16 *)y = max(moved, *(v32int16 *)x);
}
"""


def frame_bytes(folder: Path, source: str) -> dict[str, int]:
    path = folder / "frames.cc"
    path.write_text(source)
    _, _, frame = kernel_variants("silicon")
    report = find_compiler().compile_object(
        path, folder / "frames.o", frame.flags, INCLUDE_DIRECTORIES
    )
    return {each.function: each.bytes for each in report.stack_frames}


def test_frame_build_reports_what_the_author_keeps_on_the_stack(tmp_path):
    frames = frame_bytes(tmp_path, FRAMES + MATRIX)
    assert 2048 <= frames["with_array"] < 2048 + 256
    assert 512 <= frames["with_iterators"] < 512 + 256
    assert frames["matrix"] < 512
    assert frames["with_native_types"] < 256


def test_counting_build_counts_slots_and_loops(compile_kernels):
    kernels = compile_kernels(MATRIX, "-DIRONBIRD_COUNT=1")
    core = bound_core(kernels)
    a, b = aligned(1024, ml_dtypes.bfloat16), aligned(1024, ml_dtypes.bfloat16)
    for calls in (1, 2):
        kernels("matrix", a, b, aligned(64, np.float32))
        loops = [loop for loop in core.loops[: core.loop_count] if loop.slots.vector]
        assert len(loops) == 1
        assert (loops[0].entries, loops[0].slots.mac_float) == (calls, calls * 8 * 4)
        assert loops[0].slots.load == calls * 8 * 4 * 2
        assert core.slots.store == calls * 4 * 2
        assert core.slots.move > loops[0].slots.move
    kernels.library.ironbird_clear_counts()
    assert (core.slots.vector, core.loop_count) == (0, 0)
    kernels.library.ironbird_bind_core(None)


LOOPS = """
#include "aie_kernel_utils.h"
extern "C" void loops(int *sums, int count, int branch) {
  if (branch)
    AIE_LOOP_MIN_ITERATION_COUNT(2)
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_RANGE(2, 64)
    for (int i = 0; i < count; ++i) {
      if (i == 5) break;
      sums[0] += i;
    }
  else
    sums[1] = 1;
  for (int i = 0; i < count; ++i) chess_prepare_for_pipelining chess_loop_range(2, 64) {
    if (i == 3) continue;
    if (i == 7) break;
    sums[2] += i;
  }
  AIE_LOOP_UNROLL_FULL AIE_LOOP_NO_UNROLL AIE_LOOP_UNROLL(4) AIE_LOOP_MAX_ITERATION_COUNT(9)
  for (int i = 0; i < 2; ++i) AIE_LOOP_FLATTEN
    for (int j = 0; j < 2; ++j) chess_flatten_loop chess_unroll_loop() sums[3] += chess_copy(j);
  float chess_storage(%chess_alignof(v32int8)) table[16];
  chess_separator_scheduler(1);
  table[0] = 1;
  while (sums[4] < 2) chess_no_hw_loop ++sums[4];
  int *__aie_dm_resource_a near = (int __aie_dm_resource_a *)sums;
  near[5] = int(table[0]);
}
"""


@pytest.mark.parametrize("counting", [0, 1])
@pytest.mark.parametrize("branch", [0, 1])
def test_loop_hints_change_no_meaning(compile_kernels, counting, branch):
    sums = aligned(6, np.int32)
    kernels = compile_kernels(LOOPS, f"-DIRONBIRD_COUNT={counting}", "-Wno-dangling-else")
    kernels("loops", sums, 10, branch)
    assert sums.tolist() == [10 if branch else 0, 1 - branch, 1 + 2 + 4 + 5 + 6 + 0, 2, 2, 1]


def test_counting_build_counts_iterations_of_chess_loops(compile_kernels):
    kernels = compile_kernels(LOOPS, "-DIRONBIRD_COUNT=1", "-Wno-dangling-else")
    core = bound_core(kernels)
    kernels("loops", aligned(6, np.int32), 6, 0)
    chess = [loop for loop in core.loops[: core.loop_count] if loop.iterations]
    assert [(loop.iterations, loop.pipelined) for loop in chess] == [(6, 1)]
    kernels.library.ironbird_bind_core(None)


def test_fast_numerics_are_ieee(compile_kernels):
    source = """
    extern "C" void product(const float *a, const float *b, float *out) {
      aie::accum<accfloat, 16> sum = aie::mul(aie::load_v<16>(a), aie::load_v<16>(b));
      aie::store_v(out, aie::add(sum, aie::load_v<16>(a)).to_vector<float>());
    }
    """
    generator = np.random.default_rng(1)
    a, b = (copied(generator.standard_normal(16).astype(np.float32)) for _ in range(2))
    out = aligned(16, np.float32)
    compile_kernels(source, "-DIRONBIRD_NUMERICS_FAST=1")("product", a, b, out)
    np.testing.assert_array_equal(out, a * b + a)


def random_bfloat16(seed: int, count: int) -> np.ndarray:
    return copied(np.random.default_rng(seed).standard_normal(count).astype(ml_dtypes.bfloat16))


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
def test_all_ways_of_compiling_give_the_same_bits(compile_kernels, numerics):
    """With or without vector instructions of the host, optimised or not, builtins or portable."""
    fast = f"-DIRONBIRD_NUMERICS_FAST={int(numerics == 'fast')}"
    a, b = random_bfloat16(1, 1024), random_bfloat16(2, 1024)
    results = []
    for flags in ((), (f"-march={HALF_WIDTH_PROCESSOR}",), ("-O0",), ("-DIRONBIRD_PORTABLE=1",)):
        out = aligned(64, np.float32)
        compile_kernels(MATRIX, fast, *flags)("matrix", a, b, out)
        results.append(out.view(np.uint32).tolist())
    assert all(result == results[0] for result in results)


def test_clang_gives_the_same_bits(compile_kernels, tmp_path):
    pytest.importorskip("ziglang", reason="the ziglang wheel brings clang")
    clang = (sys.executable, "-m", "ziglang", "c++")
    without_gnu = compile_library(tmp_path, MATRIX + FRAMES, (), clang)
    with_gnu = compile_kernels(MATRIX + FRAMES)
    # 32 bytes is all the alignment that kernels may count on.
    a, b = random_bfloat16(1, 1024 + 16)[16:], random_bfloat16(2, 1024 + 16)[16:]
    outputs = []
    for kernels in (Kernels(without_gnu), with_gnu):
        products, inverses = aligned(64 + 8, np.uint32)[8:], aligned(256 + 16, np.uint16)[16:]
        kernels("matrix", a, b, products)
        kernels("with_iterators", a, inverses)
        outputs.append(products.tolist() + inverses.tolist())
    assert outputs[0] == outputs[1]


REFUSALS = {
    "mmul shape": (
        "aie::mmul<3, 8, 4, bfloat16> block; block.to_accum();",
        "aie::mmul: AIE2 has no block of this shape for these element types",
    ),
    "tanh": (
        "aie::tanh(aie::zeros<float, 16>());",
        "aie::tanh needs XDNA2 (aie2p); use getTanhBf16 on AIE2",
    ),
    "exp2": (
        "aie::exp2<bfloat16>(aie::zeros<float, 16>());",
        "aie::exp2 needs XDNA2 (aie2p); use getExpBf16 on AIE2",
    ),
    "sin": ("aie::sin(aie::zeros<float, 16>());", "aie::sin exists on AIE1 only"),
    "element type": (
        "aie::add(aie::zeros<int16, 32>(), 5);",
        "the element must have the vector's element type; cast it (int literals are int32)",
    ),
    "sizes": (
        "aie::add(aie::zeros<int16, 32>(), aie::zeros<int16, 16>());",
        "both vectors must have the same element type and the same number of elements",
    ),
    "vector size": (
        "aie::vector<int16, 4> v; v.get(0);",
        "aie::vector: the size must be 128, 256, 512 or 1024 bits, or a multiple of 512",
    ),
    "32 by 8 bits": (
        "aie::mul(aie::zeros<int32, 32>(), aie::zeros<int8, 32>());",
        "mul: AIE2 has no multiplication of 32-bit by 8-bit integers; cast the element or unpack "
        "the vector",
    ),
    "float to int": (
        "aie::zeros<accfloat, 16>().to_vector<int16>();",
        "to_vector: a float accumulator gives bfloat16 or float, an integer one gives integers; "
        "use aie::to_fixed / aie::to_float to cross",
    ),
    "block vector": (
        "aie::block_vector<int, 64> v;",
        "aie::block_vector (block floating point) needs XDNA2 (aie2p)",
    ),
    "fft": (
        "aie::fft_dit_r4_stage(1);",
        "fft_dit_r4_stage is not modelled: its rounding on the chip is unknown",
    ),
    "graph": (
        '}\n#include <adf.h>\nvoid rest() {',
        "\"adf.h is the interface of AI Engine graphs; an IRON kernel takes plain pointers "
        'from its ObjectFifos"',
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> list[str]:
    """What the compiler says of all the statements in one file."""
    source = "".join(
        f"void refused{number}() {{ {statement} }}\n".replace("rest()", f"rest{number}()")
        for number, (statement, _) in enumerate(REFUSALS.values())
    )
    is_gnu = find_compiler().version.startswith("g++")
    no_limit = "-fmax-errors=0" if is_gnu else "-ferror-limit=0"
    flags = ("-fsyntax-only", "-Wno-error", no_limit)
    finished, _ = run_compiler(tmp_path_factory.mktemp("refused"), source, flags)
    assert finished.returncode != 0
    what = r"(?:#error |static assertion failed(?: due to requirement '.*')?: )?(.*)"
    return re.findall(rf"error: {what}", finished.stderr)


@pytest.mark.parametrize("name", REFUSALS)
def test_what_aie2_does_not_have_does_not_compile(refused, name):
    assert REFUSALS[name][1] in refused


def test_misaligned_access_is_reported_and_done_as_the_chip_does(compile_kernels):
    source = """
    extern "C" void misaligned(const int16 *in, int16 *out) {
      aie::store_v(out, aie::load_v<16>(in + 1));
    }
    """
    kernels = compile_kernels(source)
    core = bound_core(kernels)
    heard = []

    @ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
    def complain(_, text: bytes) -> None:
        heard.append(text.decode())

    core.complain = ctypes.cast(complain, ctypes.c_void_p)
    values, out = copied(np.arange(32, dtype=np.int16)), aligned(16, np.int16)
    kernels("misaligned", values, out)
    kernels.library.ironbird_bind_core(None)
    assert out.tolist() == list(range(16))
    assert len(heard) == 1
    place, sentence = heard[0].split(": ", 1)
    assert re.fullmatch(r".*\.cc:3", place)
    assert sentence == (
        f"aie::load_v at address {values.ctypes.data + 2:#x}, which is not a multiple of 32 bytes; "
        "the chip drops the low address bits, use the unaligned form"
    )


def test_modes_belong_to_the_core_and_survive_calls(tmp_path):
    source = """
    extern "C" void choose(int mode) { aie::set_rounding(static_cast<aie::rounding_mode>(mode)); }
    extern "C" void halve(const int16 *v, int16 *out) {
      aie::store_v(out, aie::downshift(aie::load_v<16>(v), 1));
    }
    """
    path = compile_library(tmp_path, source)
    copy = path.with_name("another_core.so")
    copy.write_bytes(path.read_bytes())
    first, second = Kernels(path), Kernels(copy)
    values, out = copied(np.full(16, 3, np.int16)), aligned(16, np.int16)
    first("choose", 12)
    first("halve", values, out)
    assert out[0] == 2
    second("halve", values, out)
    assert out[0] == 1


def test_a_mid_size_kernel_needs_no_standard_header_of_its_own(tmp_path):
    """memcpy and friends are used without an include in published kernels."""
    source = 'extern "C" void move(int *to, const int *from) { memcpy(to, from, 4); }'
    finished, _ = run_compiler(tmp_path, source, ())
    assert finished.returncode == 0, subprocess.list2cmdline(finished.args) + finished.stderr
