"""inv and invsqrt, fixed <-> float, float products, sliding multiplications."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied
from silicon_reference import mac_bits, narrow_bits, wrapped

BFLOAT16 = ml_dtypes.bfloat16

SOURCE = """
extern "C" void inverses(const bfloat16 *x, bfloat16 *inverse, bfloat16 *root, int vectors) {
  for (int i = 0; i < vectors; ++i) {
    aie::store_v(inverse + 16 * i, aie::inv(aie::load_v<16>(x + 16 * i)));
    aie::store_v(root + 16 * i, aie::invsqrt(aie::load_v<16>(x + 16 * i)));
  }
}
extern "C" void float_inverses(const float *x, float *inverse, float *root, int vectors) {
  for (int i = 0; i < vectors; ++i) {
    aie::store_v(inverse + 16 * i, aie::inv(aie::load_v<16>(x + 16 * i)));
    aie::store_v(root + 16 * i, aie::invsqrt(aie::load_v<16>(x + 16 * i)));
  }
}
extern "C" void floors(const bfloat16 *x, int *wide, int16 *narrow, int shift) {
  aie::store_v(wide, aie::to_fixed<int32>(aie::load_v<16>(x), shift));
  aie::store_v(narrow, aie::to_fixed<int16>(aie::load_v<16>(x), shift));
}
extern "C" void fixed(const float *x, int *wide, int16 *narrow, int shift) {
  aie::store_v(wide, aie::to_fixed<int32>(aie::load_v<16>(x), shift));
  aie::store_v(narrow, aie::to_fixed<int16>(aie::load_v<16>(x), shift));
}
extern "C" void floated(const int *wide, const int16 *narrow, float *from_wide, float *from_narrow,
                        int shift) {
  aie::store_v(from_wide, aie::to_float(aie::load_v<16>(wide), shift));
  aie::store_v(from_narrow, aie::to_float(aie::load_v<16>(narrow), shift));
}
extern "C" void float_product(const float *x, const float *y, float *out) {
  const auto a = aie::load_v<16>(x), b = aie::load_v<16>(y);
  aie::store_v(out, aie::mul(a, b).to_vector<float>());
  aie::store_v(out + 16, aie::mac(aie::accum<accfloat, 16>(a), a, b).to_vector<float>());
}
extern "C" void slide_int8(const int8 *coeff, const int8 *data, int *out) {
  using Slide = aie::sliding_mul_ops<32, 8, 1, 1, 1, int8, int8, acc32>;
  auto sum = Slide::mul(aie::load_v<32>(coeff), 2, aie::load_v<64>(data), 1);
  sum = Slide::mac(sum, aie::load_v<32>(coeff), 4, aie::load_v<64>(data), 3);
  for (int i = 0; i < 32; ++i) out[i] = sum.lane.get(i);
}
extern "C" void slide_int16(const int16 *coeff, const int16 *data, int64_t *out) {
  const auto c = aie::load_v<16>(coeff);
  const auto sum = aie::sliding_mul<16, 4, 1, 1, 1, acc64>(c, 1, aie::load_v<32>(data), 30);
  for (int i = 0; i < 16; ++i) out[i] = sum.lane.get(i);
}
extern "C" void slide_bfloat16(const bfloat16 *coeff, const bfloat16 *data, float *out) {
  using Slide = aie::sliding_mul_xy_ops<16, 4, 1, 1, bfloat16>;
  const auto sum = Slide::mul(aie::load_v<16>(coeff), 0, aie::load_v<32>(data), 2);
  aie::store_v(out, sum.to_vector<float>());
}
extern "C" void accumulated(const int16 *coeff, const int16 *data, int *out) {
  const auto c = aie::load_v<16>(coeff);
  const auto d0 = aie::load_v<16>(data), d1 = aie::load_v<16>(data + 16);
  auto sum = aie::accumulate<16>(c, 1, d0, d1);
  sum = aie::accumulate<16>(sum, c, 5, d1);
  for (int i = 0; i < 16; ++i) out[i] = sum.lane.get(i);
}
"""


@pytest.mark.parametrize(
    ("rounding", "inverse_error", "root_error"), [(0, 0.74, 1.13), (12, 0.50, 0.82)]
)
def test_bfloat16_inverses_meet_the_derived_errors(
    compile_kernels, rounding, inverse_error, root_error
):
    """Percent, over every bfloat16 of two binades (the root's error repeats every second one)."""
    x = copied(np.arange(0x3F80, 0x4080, dtype=np.uint16)).view(BFLOAT16)
    inverse, root = aligned(256, BFLOAT16), aligned(256, BFLOAT16)
    compile_kernels(SOURCE).modes(rounding)("inverses", x, inverse, root, 16)
    values = x.astype(np.float64)
    error = np.abs(inverse.astype(np.float64) * values - 1).max()
    assert round(error * 100, 2) == inverse_error
    error = np.abs(root.astype(np.float64) * np.sqrt(values) - 1).max()
    assert round(error * 100, 2) == root_error


def test_float_inverses_meet_the_derived_errors(compile_kernels):
    x = copied(np.linspace(1, 4, 4096, endpoint=False, dtype=np.float32))
    inverse, root = aligned(4096, np.float32), aligned(4096, np.float32)
    compile_kernels(SOURCE).modes(12)("float_inverses", x, inverse, root, 256)
    values = x.astype(np.float64)
    assert np.abs(inverse.astype(np.float64) * values - 1).max() < 4e-7
    error = np.abs(root.astype(np.float64) * np.sqrt(values) - 1).max()
    assert round(error, 5) == 6.5e-4


EDGES = [0.0, -0.0, 1.5, -1.5, 1e-40, -1e-40, 3e38, -3e38, 2.0**31, -(2.0**31), 0.99, -0.99]


@given(
    values=st.lists(st.floats(-5e9, 5e9, width=32), min_size=1, max_size=4),
    shift=st.integers(-8, 12),
)
def test_bfloat16_to_fixed_floors_and_clamps(compile_kernels, values, shift):
    x = np.array(
        (EDGES + values)[:16] + [float("inf")] * (16 - len((EDGES + values)[:16])), np.float32
    )
    x = x.astype(BFLOAT16)
    wide, narrow = aligned(16, np.int32), aligned(16, np.int16)
    compile_kernels(SOURCE).modes(12, 1)("floors", copied(x), wide, narrow, shift)
    scaled = np.floor(x.astype(np.float64) * 2.0**shift)
    expected = np.clip(scaled, -(2.0**31), 2.0**31 - 1).astype(np.int64)
    assert wide.tolist() == expected.tolist()
    assert narrow.tolist() == [wrapped(int(value), 16, True) for value in expected]


def test_not_a_number_becomes_the_largest_integer(compile_kernels):
    x = copied(np.full(16, np.nan, BFLOAT16))
    wide = aligned(16, np.int32)
    compile_kernels(SOURCE)("floors", x, wide, aligned(16, np.int16), 0)
    assert wide.tolist() == [0x7FFFFFFF] * 16


@given(
    values=st.lists(st.integers(-(2**21), 2**21), min_size=16, max_size=16), shift=st.integers(0, 8)
)
def test_float_to_fixed_rounds_to_nearest_even(compile_kernels, values, shift):
    x = np.array(values, np.float32) / np.float32(2.0 ** (shift + 3))
    wide, narrow = aligned(16, np.int32), aligned(16, np.int16)
    compile_kernels(SOURCE).modes(0)("fixed", copied(x), wide, narrow, shift)
    real = x.astype(np.float64) * 2.0**shift
    assert narrow.tolist() == np.clip(np.rint(real), -(2**15), 2**15 - 1).astype(int).tolist()
    # Two signed halves; a low half that rounds up to 2^15 stays 2^15 - 1.
    high = np.rint(real / 65536) * 65536
    low = np.clip(np.rint(real - high), -(2**15), 2**15 - 1)
    assert wide.tolist() == (high + low).astype(int).tolist()


@given(
    wide=st.lists(st.integers(-(2**31), 2**31 - 1), min_size=16, max_size=16),
    narrow=st.lists(st.integers(-(2**15), 2**15 - 1), min_size=16, max_size=16),
    shift=st.integers(0, 16),
)
def test_fixed_to_float_rounds_once(compile_kernels, wide, narrow, shift):
    from_wide, from_narrow = aligned(16, np.float32), aligned(16, np.float32)
    x, y = copied(np.array(wide, np.int32)), copied(np.array(narrow, np.int16))
    compile_kernels(SOURCE).modes(0)("floated", x, y, from_wide, from_narrow, shift)
    scale = 2.0**-shift
    assert from_narrow.tolist() == [value * scale for value in narrow]
    # High and low half are exact floats; their sum is rounded by the accumulator adder.
    exact = x.astype(np.float64) * scale
    np.testing.assert_allclose(from_wide, exact, rtol=2.0**-23)


def split(bits: int, rounding: int) -> list[int]:
    parts, rest = [], bits
    for _ in range(3):
        parts.append(narrow_bits(rest, rounding))
        rest = mac_bits([rest], [parts[-1] ^ 0x8000], [0x3F80])
    return parts


ORDERS = {
    "": [(2, 2), (2, 1), (1, 2), (0, 2), (1, 1), (2, 0), (1, 0), (0, 1), (0, 0)],
    "-DAIE2_FP32_EMULATION_ACCURACY_FAST": [(0, 2), (1, 1), (2, 0), (1, 0), (0, 1), (0, 0)],
    "-DAIE2_FP32_EMULATION_ACCURACY_LOW": [(1, 0), (0, 1), (0, 0)],
}


@pytest.mark.parametrize("macro", ORDERS, ids=["safe", "fast", "low"])
@given(seed=st.integers(0, 2**32 - 1), rounding=st.sampled_from([0, 12]))
def test_float_products_are_chains_of_bfloat16_products(compile_kernels, macro, seed, rounding):
    generator = np.random.default_rng(seed)
    x, y = (copied(generator.standard_normal(16).astype(np.float32)) for _ in range(2))
    out = aligned(32, np.uint32)
    compile_kernels(SOURCE, *macro.split()).modes(rounding)("float_product", x, y, out)
    for lane in range(16):
        a, b = (int(v.view(np.uint32)[lane]) for v in (x, y))
        parts_a, parts_b = split(a, rounding), split(b, rounding)
        chain = 0
        for p, q in ORDERS[macro][:-1]:
            chain = mac_bits([chain], [parts_a[p]], [parts_b[q]])
        assert out[lane] == mac_bits([chain], [parts_a[0]], [parts_b[0]])
        assert out[16 + lane] == mac_bits([chain, a], [parts_a[0]], [parts_b[0]])


def integers(seed: int, count: int, dtype: object) -> np.ndarray:
    limits = np.iinfo(dtype)
    return copied(np.random.default_rng(seed).integers(limits.min, limits.max, count).astype(dtype))


@given(seed=st.integers(0, 2**32 - 1))
def test_sliding_products(compile_kernels, seed):
    kernels = compile_kernels(SOURCE)
    coeff, values, out = (
        integers(seed, 32, np.int8),
        integers(seed + 1, 64, np.int8),
        aligned(32, np.int32),
    )
    kernels("slide_int8", coeff, values, out)
    c, d = coeff.astype(int), values.astype(int)
    expected = [
        sum(c[2 + p] * d[(1 + lane + p) % 64] + c[4 + p] * d[(3 + lane + p) % 64] for p in range(8))
        for lane in range(32)
    ]
    assert out.tolist() == expected
    coeff, values, wide = (
        integers(seed, 16, np.int16),
        integers(seed + 1, 32, np.int16),
        aligned(16, np.int64),
    )
    kernels("slide_int16", coeff, values, wide)
    c, d = coeff.astype(int), values.astype(int)
    expected = [sum(c[1 + p] * d[(30 + lane + p) % 32] for p in range(4)) for lane in range(16)]
    assert wide.tolist() == expected


@given(seed=st.integers(0, 2**32 - 1))
def test_sliding_bfloat16_takes_one_product_a_step(compile_kernels, seed):
    generator = np.random.default_rng(seed)
    coeff = copied(generator.standard_normal(16).astype(BFLOAT16))
    values = copied(generator.standard_normal(32).astype(BFLOAT16))
    out = aligned(16, np.uint32)
    compile_kernels(SOURCE)("slide_bfloat16", coeff, values, out)
    c, d = coeff.view(np.uint16).tolist(), values.view(np.uint16).tolist()
    for lane in range(16):
        total = 0
        for point in range(4):
            total = mac_bits([total], [c[point]], [d[2 + lane + point]])
        assert out[lane] == total


def test_accumulate_weighs_whole_vectors(compile_kernels):
    coeff, values, out = integers(3, 16, np.int16), integers(4, 32, np.int16), aligned(16, np.int32)
    compile_kernels(SOURCE)("accumulated", coeff, values, out)
    c, d = coeff.astype(int), values.astype(int)
    exact = c[1] * d[:16] + c[2] * d[16:] + c[5] * d[16:]
    assert out.tolist() == [wrapped(int(value), 32, True) for value in exact]
