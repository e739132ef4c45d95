"""What the counting build counts for single calls: the table that the timing model is fitted to."""

import numpy as np
import pytest
from core_layout import bound_core
from kernel_build import aligned

# One call on vectors that are there already; slots that are not named must be 0.
CALLS = {
    "load of 512 bits": ("aie::load_v<32>(shorts)", {"load": 2}),
    "load of 128 bits": ("aie::load_v<8>(shorts)", {"load": 1}),
    "store of 512 bits": ("aie::store_v(shorts, s)", {"store": 2}),
    "unaligned load": ("aie::load_unaligned_v<32>(shorts)", {"load": 3, "move": 1, "scalar": 1}),
    "broadcast": ("aie::broadcast<int16, 32>(3)", {"move": 1}),
    "add int16": ("aie::add(s, s)", {"vector": 1, "alu_results": 1}),
    "xor": ("aie::bit_xor(s, s)", {"vector": 5, "alu_results": 5}),
    "add bf16": ("aie::add(h, h)", {"vector": 1, "mac_float": 1, "convert": 3}),
    "add float": ("aie::add(f, f)", {"vector": 1, "mac_float": 1}),
    "mul int16": ("aie::mul(s, s)", {"vector": 1, "mac_integer": 1}),
    "mul int16 in 64 bits": ("aie::mul<acc64>(s, s)", {"vector": 2, "mac_integer": 2}),
    "mul int32": ("aie::mul(i, i)", {"vector": 4, "mac_integer": 4, "move": 4}),
    "mul bf16": ("aie::mul(h, h)", {"vector": 1, "mac_float": 1}),
    "mul float": ("aie::mul(f, f)", {"vector": 13, "mac_float": 13, "move": 6, "convert": 6}),
    "to_vector": ("a.to_vector<int16>(3)", {"convert": 1}),
    "from_vector": ("aie::from_vector<acc32>(s)", {"convert": 1}),
    "narrowing": ("w.to_vector<bfloat16>()", {"convert": 1}),
    "compare": ("aie::lt(s, s)", {"vector": 1, "alu_results": 1}),
    "select": ("aie::select(s, s, aie::mask<32>(true))", {"vector": 1, "alu_results": 1}),
    "shuffle": ("aie::shuffle_down_rotate(s, 3)", {"move": 1}),
    "interleave": ("aie::interleave_zip(s, s, 4)", {"move": 2}),
    "transpose": ("aie::transpose(s, 4, 8)", {"move": 1}),
    "downshift": ("aie::downshift(s, 3)", {"convert": 2}),
    "reduce_add": ("aie::reduce_add(i)", {"vector": 4, "alu_results": 4, "move": 5}),
    "reduce_add float": ("aie::reduce_add(f)", {"vector": 4, "mac_float": 4, "move": 5}),
    "inv bf16": (
        "aie::inv(h)",
        {"vector": 7, "mac_float": 6, "alu_results": 1, "move": 6, "convert": 5},
    ),
    "exp": (
        "getExpBf16(h)",
        {"load_both": 8, "vector": 7, "alu_results": 6, "mac_float": 1, "move": 5, "convert": 4},
    ),
    "mmul int8": ("block8.mac(bytes_a, bytes_b)", {"vector": 1, "mac_integer": 1}),
    "mmul bf16": ("block16.mac(h2, h2)", {"vector": 1, "mac_float": 1}),
    "rounding": ("aie::set_rounding(aie::rounding_mode::floor)", {"scalar": 1}),
    "cascade": ("put_mcd(v16int32(i))", {"move": 1}),
}

SOURCE = """
#include <lut_based_ops.h>
static void swallow(void *, const void *) {}
""" + "\n".join(
    f"""
extern "C" void call{number}(int16 *shorts) {{
  const auto s [[maybe_unused]] = aie::load_v<32>(shorts);
  const auto i [[maybe_unused]] = aie::load_v<16>((int32 *)shorts);
  const auto h [[maybe_unused]] = aie::load_v<16>((bfloat16 *)shorts);
  const auto h2 [[maybe_unused]] = aie::load_v<32>((bfloat16 *)shorts);
  const auto f [[maybe_unused]] = aie::load_v<16>((float *)shorts);
  const auto bytes_a [[maybe_unused]] = aie::load_v<32>((int8 *)shorts);
  const auto bytes_b [[maybe_unused]] = aie::load_v<64>((int8 *)shorts);
  const aie::accum<acc32, 32> a [[maybe_unused]] = aie::zeros<acc32, 32>();
  const aie::accum<accfloat, 16> w [[maybe_unused]] = aie::zeros<accfloat, 16>();
  aie::mmul<4, 8, 8, int8, int8> block8 [[maybe_unused]];
  aie::mmul<4, 8, 4, bfloat16, bfloat16> block16 [[maybe_unused]];
  ironbird::current_core->cascade_write = swallow;
  ironbird_clear_counts();
  (void)({call});
}}
"""
    for number, (call, _) in enumerate(CALLS.values())
)


@pytest.mark.parametrize("name", CALLS)
def test_slots_of_one_call(compile_kernels, name):
    kernels = compile_kernels(SOURCE, "-DIRONBIRD_COUNT=1", "-O1", "-Wno-unused-value")
    core = bound_core(kernels)
    kernels(f"call{list(CALLS).index(name)}", aligned(64, np.int16))
    kernels.library.ironbird_bind_core(None)
    counted = {slot: getattr(core.slots, slot) for slot, _ in core.slots._fields_}
    assert {slot: count for slot, count in counted.items() if count} == CALLS[name][1]


# 1024 elements, vectorised by Chess (cycle counts in mlir-aie's TOSA tests).
@pytest.mark.parametrize(
    ("element", "lanes", "cycles"), [("int8", 64, 54), ("int16", 32, 86), ("int32", 16, 150)]
)
def test_store_bound_loops_reproduce_the_measured_cycles(compile_kernels, element, lanes, cycles):
    """Two 256-bit stores a vector bound the loop; 22 cycles fill, drain and call."""
    source = f"""
extern "C" void negate({element} *x) {{
  for (int i = 0; i < 1024; i += {lanes})
    aie::store_v(x + i, aie::neg(aie::load_v<{lanes}>(x + i)));
}}
"""
    kernels = compile_kernels(source, "-DIRONBIRD_COUNT=1", "-O1")
    core = bound_core(kernels)
    kernels("negate", aligned(1024, element))
    kernels.library.ironbird_bind_core(None)
    slots = core.slots
    bound = max(slots.load / 2, slots.store, slots.vector, slots.alu_results + slots.move)
    assert bound + 22 == pytest.approx(cycles, rel=0.1)
