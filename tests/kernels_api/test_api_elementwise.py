"""Arithmetic, products, compares, selection, extremes, bits and shifts, lane by lane."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied
from silicon_reference import (
    ROUNDING_MODES,
    SATURATION_MODES,
    add_bits,
    mac_bits,
    narrow_bits,
    saturated,
    srs,
    wrapped,
)

LANES = {"int8": 32, "uint8": 32, "int16": 32, "uint16": 32, "int32": 16, "uint32": 16}
INTEGERS = tuple(LANES)

# operation: C++ of two vectors x and y, Python of two exact integers.
INTEGER_OPERATIONS = {
    "add": ("aie::add(x, y)", lambda x, y: x + y),
    "sub": ("aie::sub(x, y)", lambda x, y: x - y),
    "neg": ("aie::neg(x)", lambda x, y: -x),
    "min": ("aie::min(x, y)", min),
    "max": ("aie::max(x, y)", max),
    "maxdiff": ("aie::maxdiff(x, y)", lambda x, y: max(x - y, 0)),
    "bit_and": ("aie::bit_and(x, y)", lambda x, y: x & y),
    "bit_or": ("aie::bit_or(x, y)", lambda x, y: x | y),
    "bit_xor": ("aie::bit_xor(x, y)", lambda x, y: x ^ y),
    "bit_not": ("aie::bit_not(x)", lambda x, y: ~x),
    "select": ("aie::select(x, y, aie::lt(x, y))", lambda x, y: y if x < y else x),
    "clamp": ("aie::clamp(x, T(3), T(90))", lambda x, y: min(max(x, 3), 90)),
    "add_lane": ("aie::add(x, y[3])", None),
    "element_first": ("aie::sub(T(7), y)", lambda x, y: 7 - y),
}


def kernel(name: str, element: str, body: str) -> str:
    return f"""
extern "C" void {name}_{element}(const {element} *p, const {element} *q, {element} *out) {{
  using T [[maybe_unused]] = {element};
  const auto x = aie::load_v<{LANES.get(element, 16)}>(p);
  auto y = aie::load_v<{LANES.get(element, 16)}>(q);
  (void)x, (void)y;
  {body}
}}
"""


SOURCE = "".join(
    [
        *(
            kernel(name, element, f"aie::store_v(out, {text});")
            for name, (text, _) in INTEGER_OPERATIONS.items()
            for element in INTEGERS
        ),
        *(
            kernel(name, element, f"aie::store_v(out, aie::{name}(x, y));")
            for name in ("saturating_add", "saturating_sub")
            for element in INTEGERS
        ),
        *(
            kernel(
                "compares",
                element,
                """
  const auto lt = aie::lt(x, y), le = aie::le(x, y), gt = aie::gt(x, y), ge = aie::ge(x, y);
  const auto eq = aie::eq(x, y), neq = aie::neq(x, y);
  bool *flags = (bool *)out;
  for (unsigned i = 0; i < x.size(); ++i) {
    *flags++ = lt.test(i), *flags++ = le.test(i), *flags++ = gt.test(i), *flags++ = ge.test(i);
    *flags++ = eq.test(i), *flags++ = neq.test(i);
  }""",
            )
            for element in (*INTEGERS, "bfloat16", "float")
        ),
        *(
            kernel(name, element, f"aie::store_v(out, {text});")
            for element in ("bfloat16", "float")
            for name, text in (
                ("add", "aie::add(x, y)"),
                ("sub", "aie::sub(x, y)"),
                ("neg", "aie::neg(x)"),
                ("abs", "aie::abs(x)"),
                ("max", "aie::max(x, y)"),
                ("min", "aie::min(x, y)"),
                ("mul", "aie::mul(x, y).template to_vector<T>()"),
            )
        ),
        kernel(
            "mac",
            "bfloat16",
            """
  aie::accum<accfloat, 16> sum = aie::mul(x, y);
  sum = aie::mac(sum, y, y), sum = aie::msc(sum, x, x), sum = aie::mac(sum, x, T(1.5f));
  sum = aie::sub(sum, aie::negmul(x, y));
  aie::vector<bfloat16, 16> rounded = sum;
  aie::store_v(out, rounded);""",
        ),
        """
extern "C" void products(const int16 *p, const int16 *q, int64_t *out, int shift) {
  const auto x = aie::load_v<16>(p), y = aie::load_v<16>(q);
  aie::accum<acc48, 16> sum = aie::mul<acc48>(x, y);
  sum = aie::mac(sum, x, x), sum = aie::msc(sum, y, y);
  sum = aie::add(sum, x), sum = aie::mac_square(sum, y);
  aie::accum<acc64, 16> same = sum;
  for (int i = 0; i < 16; ++i) out[i] = same.lane.get(i);
  aie::store_v((int32 *)(out + 16), aie::mul(x, y[2]).to_vector<int32>(shift));
}
extern "C" void mixed_products(const int8 *p, const uint8 *q, int *out) {
  const auto product = aie::mul(aie::load_v<32>(p), aie::load_v<32>(q));
  for (int i = 0; i < 32; ++i) out[i] = product.lane.get(i);
}
extern "C" void shifts(const int16 *p, int16 *up, int16 *down, int16 *logical, int n) {
  const auto x = aie::load_v<32>(p);
  aie::store_v(up, aie::upshift(x, n));
  aie::store_v(down, aie::downshift(x, n));
  aie::store_v(logical, aie::logical_downshift(x, n));
}
""",
    ]
)


def numbers(element: str) -> st.SearchStrategy[list[int]]:
    limits = np.iinfo(element)
    low, high = int(limits.min), int(limits.max)
    one = st.one_of(st.integers(low, high), st.sampled_from([low, high, 0, 1, high - 1]))
    return st.lists(one, min_size=LANES[element], max_size=LANES[element])


@pytest.mark.parametrize("element", INTEGERS)
@given(data=st.data())
def test_integer_operations_wrap(compile_kernels, element, data):
    x, y = data.draw(numbers(element)), data.draw(numbers(element))
    kernels, out = compile_kernels(SOURCE).modes(12, 1), aligned(LANES[element], element)
    bits, signed = np.iinfo(element).bits, element.startswith("int")
    for name, (_, exact) in INTEGER_OPERATIONS.items():
        kernels(f"{name}_{element}", *(copied(np.array(v, element)) for v in (x, y)), out)
        if name == "add_lane":
            expected = [a + y[3] for a in x]
        else:
            expected = [exact(a, b) for a, b in zip(x, y, strict=True)]
        assert out.tolist() == [wrapped(value, bits, signed) for value in expected], name


@pytest.mark.parametrize("element", INTEGERS)
@given(data=st.data())
def test_saturating_sums_obey_crsat(compile_kernels, element, data):
    x, y = data.draw(numbers(element)), data.draw(numbers(element))
    mode = data.draw(st.sampled_from(SATURATION_MODES))
    kernels, out = compile_kernels(SOURCE).modes(0, mode), aligned(LANES[element], element)
    bits, signed = np.iinfo(element).bits, element.startswith("int")
    for name, sign in (("saturating_add", 1), ("saturating_sub", -1)):
        kernels(f"{name}_{element}", *(copied(np.array(v, element)) for v in (x, y)), out)
        exact = [a + sign * b for a, b in zip(x, y, strict=True)]
        assert out.tolist() == [saturated(value, bits, signed, mode) for value in exact]


def compared(kernels, element: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """lt, le, gt, ge, eq, neq of each lane."""
    out = aligned(6 * x.size, np.bool_)
    kernels(f"compares_{element}", copied(x), copied(y), out)
    return out.reshape(-1, 6)


@pytest.mark.parametrize("element", INTEGERS)
@given(data=st.data())
def test_integer_compares(compile_kernels, element, data):
    x = np.array(data.draw(numbers(element)), element)
    y = np.where(np.array(data.draw(numbers(element)), element) % 3 == 0, x, x[::-1])
    found = compared(compile_kernels(SOURCE), element, x, y)
    expected = np.stack([x < y, x <= y, x > y, x >= y, x == y, x != y], -1)
    assert found.tolist() == expected.tolist()


# Far enough apart that no product overflows and no difference underflows.
ORDINARY = st.one_of(
    st.floats(2.0**-10, 8, width=32), st.floats(-8, -(2.0**-10), width=32), st.just(0.0)
)
FLOATS = st.one_of(
    st.floats(-8, 8, width=32),
    st.floats(2.0**-100, 2.0**100, width=32),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 1.0 + 2.0**-7, 3e38, -3e38]),
)


def float_lanes(
    element: str, numbers: st.SearchStrategy[float] = FLOATS
) -> st.SearchStrategy[np.ndarray]:
    dtype = ml_dtypes.bfloat16 if element == "bfloat16" else np.float32
    return st.lists(numbers, min_size=16, max_size=16).map(
        lambda v: np.array(v, np.float32).astype(dtype)
    )


def float32_bits(values: np.ndarray) -> list[int]:
    return values.astype(np.float32).view(np.uint32).tolist()


@pytest.mark.parametrize("element", ["bfloat16", "float"])
@given(data=st.data(), rounding=st.sampled_from(ROUNDING_MODES))
def test_float_sums_use_the_accumulator_adder(compile_kernels, element, data, rounding):
    x, y = data.draw(float_lanes(element)), data.draw(float_lanes(element))
    kernels = compile_kernels(SOURCE).modes(rounding)
    for name, flip in (("add", 0), ("sub", 0x80000000)):
        out = aligned(16, np.uint16 if element == "bfloat16" else np.uint32)
        kernels(f"{name}_{element}", copied(x), copied(y), out)
        expected = [
            add_bits(a, b ^ flip) for a, b in zip(float32_bits(x), float32_bits(y), strict=True)
        ]
        if element == "bfloat16":
            expected = [narrow_bits(bits, rounding) for bits in expected]
        assert out.tolist() == expected


@given(data=st.data(), rounding=st.sampled_from(ROUNDING_MODES))
def test_bfloat16_products_and_sums_of_products(compile_kernels, data, rounding):
    x, y = (data.draw(float_lanes("bfloat16", ORDINARY)) for _ in range(2))
    out = aligned(16, np.uint16)
    compile_kernels(SOURCE).modes(rounding)("mac_bfloat16", copied(x), copied(y), out)
    expected = []
    for a, b in zip(x.view(np.uint16).tolist(), y.view(np.uint16).tolist(), strict=True):
        total = mac_bits([mac_bits([0], [a], [b])], [b], [b])
        total = mac_bits([mac_bits([total], [a ^ 0x8000], [a])], [a], [0x3FC0])
        total = add_bits(total, mac_bits([0], [a ^ 0x8000], [b]) ^ 0x80000000)
        expected.append(narrow_bits(total, rounding))
    assert out.tolist() == expected


@given(data=st.data())
def test_negation_leaves_zeros_and_absolute_value_clears_the_sign(compile_kernels, data):
    for element in ("bfloat16", "float"):
        x = data.draw(float_lanes(element))
        out = aligned(16, x.dtype)
        kernels = compile_kernels(SOURCE).modes(0)
        kernels(f"neg_{element}", copied(x), copied(x), out)
        np.testing.assert_array_equal(np.signbit(out), np.where(x == 0, np.signbit(x), x > 0))
        kernels(f"abs_{element}", copied(x), copied(x), out)
        np.testing.assert_array_equal(out, np.abs(x))
        assert not np.signbit(out).any()


@given(data=st.data())
def test_float_extremes_choose_one_of_the_operands(compile_kernels, data):
    for element in ("bfloat16", "float"):
        x, y = (data.draw(float_lanes(element, ORDINARY)) for _ in range(2))
        out = aligned(16, x.dtype)
        kernels = compile_kernels(SOURCE).modes(0)
        kernels(f"max_{element}", copied(x), copied(y), out)
        np.testing.assert_array_equal(out, np.maximum(x, y))
        kernels(f"min_{element}", copied(x), copied(y), out)
        np.testing.assert_array_equal(out, np.minimum(x, y))


def test_float_extremes_see_no_difference_that_underflows(compile_kernels):
    """The compare subtracts, and the adder flushes: the first operand stays."""
    x, y = (copied(np.full(16, bits, np.uint32)) for bits in (0x00800000, 0x00800001))
    out = aligned(16, np.uint32)
    compile_kernels(SOURCE).modes(0)("max_float", x, y, out)
    assert out.tolist() == [0x00800000] * 16


@given(data=st.data())
def test_float_compares_are_numerical_for_ordinary_numbers(compile_kernels, data):
    for element in ("bfloat16", "float"):
        x, y = (data.draw(float_lanes(element, ORDINARY)) for _ in range(2))
        x[::3] = y[::3]
        found = compared(compile_kernels(SOURCE).modes(12), element, x, y)
        expected = np.stack([x < y, x <= y, x > y, x >= y, x == y, x != y], -1)
        assert found.tolist() == expected.tolist()


NAN = float("nan")


@pytest.mark.parametrize(
    ("first", "second", "lt", "ge"),
    [
        (0.0, -0.0, False, True),
        (-0.0, 0.0, False, True),
        (-0.0, -0.0, False, True),
        (NAN, 1.0, False, False),
        (1.0, NAN, False, False),
        (-1.0, 1.0, True, False),
    ],
)
def test_bfloat16_compares_of_zeros_and_nans(compile_kernels, first, second, lt, ge):
    x, y = (np.full(16, v, ml_dtypes.bfloat16) for v in (first, second))
    found = compared(compile_kernels(SOURCE).modes(0), "bfloat16", x, y)
    assert found[:, [0, 3]].tolist() == [[lt, ge]] * 16


@given(data=st.data(), shift=st.integers(0, 12))
def test_integer_products_are_exact(compile_kernels, data, shift):
    x, y = data.draw(numbers("int16"))[:16], data.draw(numbers("int16"))[:16]
    out = aligned(24, np.int64)
    compile_kernels(SOURCE).modes(9, 0)(
        "products", *(copied(np.array(v, np.int16)) for v in (x, y)), out, shift
    )
    assert out[:16].tolist() == [a * b + a * a + a for a, b in zip(x, y, strict=True)]
    narrowed = out[16:].view(np.int32).tolist()
    assert narrowed == [srs(wrapped(a * y[2], 32, True), shift, 32, True, 9, 0) for a in x]


@given(data=st.data())
def test_each_operand_keeps_its_signedness(compile_kernels, data):
    x, y = data.draw(numbers("int8")), data.draw(numbers("uint8"))
    out = aligned(32, np.int32)
    compile_kernels(SOURCE)(
        "mixed_products", copied(np.array(x, np.int8)), copied(np.array(y, np.uint8)), out
    )
    assert out.tolist() == [a * b for a, b in zip(x, y, strict=True)]


@given(
    data=st.data(),
    shift=st.integers(0, 15),
    rounding=st.sampled_from(ROUNDING_MODES),
    saturation=st.sampled_from(SATURATION_MODES),
)
def test_shifts_round_and_saturate(compile_kernels, data, shift, rounding, saturation):
    x = data.draw(numbers("int16"))
    up, down, logical = (aligned(32, np.int16) for _ in range(3))
    kernels = compile_kernels(SOURCE).modes(rounding, saturation)
    kernels("shifts", copied(np.array(x, np.int16)), up, down, logical, shift)
    assert up.tolist() == [saturated(v << shift, 16, True, saturation) for v in x]
    assert down.tolist() == [srs(v, shift, 16, True, rounding, saturation) for v in x]
    unsigned = [srs(v & 0xFFFF, shift, 16, False, rounding, saturation) for v in x]
    assert logical.view(np.uint16).tolist() == unsigned
