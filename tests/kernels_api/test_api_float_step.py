"""The bf16 multiply-accumulate and the fp32 adder against exact integers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import HALF_WIDTH_PROCESSOR, aligned
from silicon_reference import add_bits, bits_of, mac_bits

SOURCE = """
using namespace aie::detail;
template <unsigned P>
void step(float *acc, const uint16_t *a, const uint16_t *b) {
  f32x16 x[P], y[P];
  for (unsigned p = 0; p < P; ++p) {
    x[p] = widen16(*(const simd<uint16_t, 16> *)(a + 16 * p));
    y[p] = widen16(*(const simd<uint16_t, 16> *)(b + 16 * p));
  }
  store16(acc, mac16<P>(load16<f32x16>(acc), x, y, hazard_of(x, y)));
}
extern "C" void mac8(float *acc, const uint16_t *a, const uint16_t *b) { step<8>(acc, a, b); }
extern "C" void mac2(float *acc, const uint16_t *a, const uint16_t *b) { step<2>(acc, a, b); }
extern "C" void mac1(float *acc, const uint16_t *a, const uint16_t *b) { step<1>(acc, a, b); }
extern "C" void addmac1(float *acc, const float *second, const uint16_t *a, const uint16_t *b) {
  const f32x16 x = widen16(*(const simd<uint16_t, 16> *)a);
  const f32x16 y = widen16(*(const simd<uint16_t, 16> *)b);
  store16(acc, addmac16(load16<f32x16>(acc), load16<f32x16>(second), x, y));
}
extern "C" void add(float *a, const float *b) {
  store16(a, add16(load16<f32x16>(a), load16<f32x16>(b)));
}
extern "C" void lane(float *acc, const bfloat16 *a, const bfloat16 *b, int products) {
  *acc = mac_lane(*acc, a, b, products);
}
"""

LANES = 16

# The host's own vectors, vectors of half the width, and no builtins at all.
HOSTS = {
    "native": (),
    "half": (f"-march={HALF_WIDTH_PROCESSOR}",),
    "portable": ("-DIRONBIRD_PORTABLE=1",),
}


def bf16_bits(low: int, high: int) -> st.SearchStrategy[int]:
    """Finite bfloat16 bits with biased exponents low..high; 0 holds zeros and denormals."""
    return st.builds(
        lambda sign, exponent, mantissa: sign << 15 | exponent << 7 | mantissa,
        st.integers(0, 1),
        st.integers(low, high),
        st.integers(0, 127),
    )


def float_bits(low: int, high: int) -> st.SearchStrategy[int]:
    mantissas = st.one_of(st.integers(0, 0x7FFFFF), st.sampled_from([0, 1, 0x400000, 0x7FFFFF]))
    return st.builds(
        lambda sign, exponent, mantissa: sign << 31 | exponent << 23 | mantissa,
        st.integers(0, 1),
        st.integers(low, high),
        mantissas,
    )


# Like data, like data with zeros, with cancellation, and anything finite.
BF16 = st.one_of(bf16_bits(120, 130), bf16_bits(110, 135), st.just(0), bf16_bits(0, 254))
FLOAT = st.one_of(float_bits(120, 135), st.just(0), float_bits(0, 254))


@st.composite
def one_step(draw: st.DrawFn, products: int) -> tuple[list[int], list[int], list[int]]:
    """Accumulators, a and b; all lanes of one spread, so that the vector path is taken too."""
    operand = draw(st.sampled_from([bf16_bits(120, 130), bf16_bits(100, 150), BF16]))
    start = draw(st.sampled_from([float_bits(110, 140), FLOAT]))
    count = LANES * products
    return (
        draw(st.lists(start, min_size=LANES, max_size=LANES)),
        draw(st.lists(operand, min_size=count, max_size=count)),
        draw(st.lists(operand, min_size=count, max_size=count)),
    )


def as_arrays(*columns: tuple[list[int], type]) -> list[np.ndarray]:
    arrays = []
    for values, dtype in columns:
        array = aligned(len(values), dtype)
        array[:] = values
        arrays.append(array)
    return arrays


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
@pytest.mark.parametrize("products", [1, 2, 8])
@given(data=st.data())
def test_multiply_accumulate_is_the_exact_model(compile_kernels, host, products, data):
    kernels = compile_kernels(SOURCE, *host)
    start, a, b = data.draw(one_step(products))
    acc, x, y = as_arrays((start, np.uint32), (a, np.uint16), (b, np.uint16))
    kernels(f"mac{products}", acc, x, y)
    expected = [mac_bits([start[i]], a[i::LANES], b[i::LANES]) for i in range(LANES)]
    assert acc.tolist() == expected


@given(data=st.data())
def test_two_accumulators_meet_in_one_step(compile_kernels, data):
    kernels = compile_kernels(SOURCE)
    start, a, b = data.draw(one_step(1))
    second = data.draw(st.lists(FLOAT, min_size=LANES, max_size=LANES))
    acc, other, x, y = as_arrays(
        (start, np.uint32), (second, np.uint32), (a, np.uint16), (b, np.uint16)
    )
    kernels("addmac1", acc, other, x, y)
    assert acc.tolist() == [
        mac_bits([start[i], second[i]], a[i : i + 1], b[i : i + 1]) for i in range(16)
    ]


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
@given(data=st.data())
def test_adder_is_the_exact_model(compile_kernels, host, data):
    kernels = compile_kernels(SOURCE, *host)
    operand = data.draw(st.sampled_from([float_bits(120, 130), FLOAT]))
    a = data.draw(st.lists(operand, min_size=LANES, max_size=LANES))
    b = data.draw(st.lists(operand, min_size=LANES, max_size=LANES))
    sums, other = as_arrays((a, np.uint32), (b, np.uint32))
    kernels("add", sums, other)
    assert sums.tolist() == [add_bits(x, y) for x, y in zip(a, b, strict=True)]


@given(data=st.data(), order=st.permutations(range(8)))
def test_order_of_products_inside_a_step_changes_nothing(compile_kernels, data, order):
    kernels = compile_kernels(SOURCE)
    start, a, b = data.draw(one_step(8))
    results = []
    for products in (range(8), order):
        acc, x, y = as_arrays(
            (start, np.uint32),
            ([a[LANES * p + i] for p in products for i in range(LANES)], np.uint16),
            ([b[LANES * p + i] for p in products for i in range(LANES)], np.uint16),
        )
        kernels("mac8", acc, x, y)
        results.append(acc.tolist())
    assert results[0] == results[1]


def one_lane(kernels, acc: float, a: list[float], b: list[float]) -> float:
    import ml_dtypes

    start = aligned(1, np.float32)
    start[0] = acc
    x, y = np.array(a, ml_dtypes.bfloat16), np.array(b, ml_dtypes.bfloat16)
    kernels("lane", start, x, y, len(a))
    return start[0]


def test_a_step_differs_from_a_chain_of_fma(compile_kernels):
    """Each addend is rounded to the grid of the largest: 1 + 2^-24 + 2^-24 stays 1."""
    kernels = compile_kernels(SOURCE)
    tiny = 2.0**-12
    assert one_lane(kernels, 1.0, [tiny, tiny], [tiny, tiny]) == 1.0
    assert one_lane(kernels, 1.0, [tiny, tiny, tiny], [tiny, tiny, 2 * tiny]) == np.float32(
        1 + 2.0**-23
    )


def test_the_adder_has_no_guard_bits(compile_kernels):
    """1 - (1 - 2^-24) is 0 on the chip, 2^-24 in IEEE."""
    kernels = compile_kernels(SOURCE)
    a, b = aligned(16, np.float32), aligned(16, np.float32)
    a[:], b[:] = 1.0, -(1 - 2.0**-24)
    kernels("add", a, b)
    assert bits_of(a).tolist() == [0] * 16


def test_zero_sums_are_positive(compile_kernels):
    kernels = compile_kernels(SOURCE)
    assert np.signbit(one_lane(kernels, -0.0, [0.0], [-1.0])) == np.False_
    assert np.signbit(one_lane(kernels, -1.0, [1.0], [1.0])) == np.False_


INFINITY, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("acc", "a", "b", "expected"),
    [
        (1.0, [INFINITY], [2.0], INFINITY),
        (1.0, [INFINITY], [-2.0], -INFINITY),
        (-INFINITY, [1.0], [1.0], -INFINITY),
        (-INFINITY, [INFINITY], [1.0], NAN),
        (0.0, [INFINITY], [0.0], NAN),
        (0.0, [NAN], [1.0], NAN),
        (NAN, [0.0], [1.0], NAN),
        (3e38, [1e38], [2.0], INFINITY),
    ],
)
def test_infinities_and_nans(compile_kernels, acc, a, b, expected):
    kernels = compile_kernels(SOURCE)
    assert one_lane(kernels, acc, a, b) == pytest.approx(expected, nan_ok=True)
    lanes, x, y = aligned(16, np.float32), aligned(16, np.uint16), aligned(16, np.uint16)
    import ml_dtypes

    lanes[:] = acc
    x[:] = np.array(a, ml_dtypes.bfloat16).view(np.uint16)
    y[:] = np.array(b, ml_dtypes.bfloat16).view(np.uint16)
    kernels("mac1", lanes, x, y)
    np.testing.assert_array_equal(lanes, np.full(16, expected, np.float32))
