"""aie::mmul in every shape and type pair of AIE2."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied
from silicon_reference import mac_bits, narrow_bits, wrapped

# (type A, type B): shapes kept in 32-bit accumulators, shapes kept in 64-bit ones (aie_api).
INTEGER_SHAPES = {
    ("int8", "int8"): (
        "4x8x8 8x8x8 2x8x8 2x16x8 4x16x8 1x16x8 8x16x8 4x16x16 4x8x4 4x16x4 8x8x4", ""),
    ("uint8", "int8"): ("4x8x8 8x8x8 2x8x8 4x16x8 4x8x4", ""),
    ("uint8", "uint8"): ("4x8x8", ""),
    ("int16", "int8"): ("4x4x8 8x4x8 4x4x4 8x4x4", "4x8x4 2x8x8 2x16x8 4x16x8"),
    ("int8", "int16"): ("", "4x4x8 4x4x4"),
    ("int16", "int16"): ("4x2x8 8x2x8 8x1x8", "2x4x8 4x4x8 4x4x4 2x8x8 4x8x8 2x8x16"),
    ("uint16", "int16"): ("4x2x8", "4x4x4"),
    ("int16", "int32"): ("", "4x4x4 2x4x8"),
    ("int32", "int16"): ("", "4x2x4 4x4x4 2x4x8 4x4x8 4x1x8"),
    ("int32", "int32"): ("", "4x2x4 4x4x4 8x2x4 4x1x8"),
}  # fmt: skip
INTEGER_CASES = [
    (a, b, tuple(map(int, shape.split("x"))), bits)
    for (a, b), shapes in INTEGER_SHAPES.items()
    for bits, listed in zip((32, 64), shapes, strict=True)
    for shape in listed.split()
]
NIBBLE_SHAPES = [(4, 16, 8), (8, 16, 8), (4, 32, 8)]
BFLOAT16_SHAPES = [(4, 8, 4), (8, 8, 4), (4, 8, 8), (8, 8, 8), (4, 16, 4), (4, 16, 8), (8, 1, 8)]
FLOAT_SHAPES = [(4, 8, 4), (4, 1, 4), (4, 1, 8)]
COMPLEX_CASES = [
    ("cint16", "int16", (2, 4, 8)), ("cint16", "int16", (4, 4, 4)),
    ("cint16", "cint16", (1, 4, 8)), ("cint16", "cint16", (2, 4, 8)),
    ("cint32", "cint16", (1, 2, 4)), ("cint32", "cint16", (2, 4, 8)),
    ("cint32", "cint32", (1, 2, 8)),
]  # fmt: skip


def kernel_name(a: str, b: str, shape: tuple[int, ...]) -> str:
    return f"mm_{a}_{b}_{'x'.join(map(str, shape))}"


def kernel_text(a: str, b: str, shape: tuple[int, ...]) -> str:
    """c += a * b, once, the accumulator as it is stored."""
    m, k, n = shape
    return f"""
extern "C" void {kernel_name(a, b, shape)}(const void *a, const void *b, void *c) {{
  using Block = aie::mmul<{m}, {k}, {n}, {a}, {b}>;
  Block::vector_A_type x;
  Block::vector_B_type y;
  Block::accum_type start;
  __builtin_memcpy(x.lane.e, a, sizeof x.lane.e);
  __builtin_memcpy(y.lane.e, b, sizeof y.lane.e);
  __builtin_memcpy(start.lane.e, c, sizeof start.lane.e);
  Block block(start);
  block.mac(x, y);
  __builtin_memcpy(c, block.to_accum().lane.e, sizeof start.lane.e);
}}
"""


INTEGER_SOURCE = "".join(kernel_text(a, b, shape) for a, b, shape, _ in INTEGER_CASES)
FLOAT_SOURCE = "".join(
    [
        *(kernel_text("bfloat16", "bfloat16", shape) for shape in BFLOAT16_SHAPES),
        *(kernel_text("float", "float", shape) for shape in FLOAT_SHAPES),
        *(kernel_text(a, b, shape) for a, b, shape in COMPLEX_CASES),
        *(kernel_text("int8", "int4", shape) for shape in NIBBLE_SHAPES),
        kernel_text("cbfloat16", "cbfloat16", (2, 8, 2)),
        """
        extern "C" void fresh(const bfloat16 *a, const bfloat16 *b, float *c) {
          aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat> block;
          block.mac(aie::load_v<32>(a), aie::load_v<32>(b));
          aie::store_v(c, block.to_vector<float>());
          block.mul(aie::load_v<32>(a), aie::load_v<32>(b));
          aie::store_v(c + 16, block.to_vector<float>());
          aie::mmul<4, 8, 4, bfloat16> transposed;
          transposed.mac(aie::load_v<32>(a), aie::op_transpose(aie::load_v<32>(b)));
          aie::store_v(c + 32, transposed.to_vector<float>());
        }
        """,
    ]
)


@pytest.mark.parametrize(
    "case", INTEGER_CASES, ids=lambda case: kernel_name(*case[:3]).removeprefix("mm_")
)
@given(seed=st.integers(0, 2**32 - 1), extreme=st.booleans())
def test_integer_blocks(compile_kernels, case, seed, extreme):
    type_a, type_b, (m, k, n), bits = case
    generator = np.random.default_rng(seed)

    def operand(dtype: str, shape: tuple[int, int]) -> np.ndarray:
        limits = np.iinfo(dtype)
        if extreme:
            return generator.choice(np.array([limits.min, limits.max, 0, 1], dtype), shape)
        return generator.integers(limits.min, limits.max, shape, dtype, endpoint=True)

    a, b, c = operand(type_a, (m, k)), operand(type_b, (k, n)), operand(f"int{bits}", (m, n))
    out = copied(c)
    compile_kernels(INTEGER_SOURCE)(
        kernel_name(type_a, type_b, (m, k, n)), copied(a), copied(b), out
    )
    exact = c.astype(object) + a.astype(object) @ b.astype(object)
    assert out.tolist() == [wrapped(int(value), bits, True) for value in exact.ravel()]


def bfloat16_bits(generator: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Sums that cancel, zeros, and exponents apart by more than the grid has bits."""
    values = generator.standard_normal(shape) * 2.0 ** generator.integers(-14, 14, shape)
    values[generator.random(shape) < 0.2] = 0
    return values.astype(ml_dtypes.bfloat16).view(np.uint16)


@pytest.mark.parametrize("shape", BFLOAT16_SHAPES, ids=str)
@given(seed=st.integers(0, 2**32 - 1))
def test_bfloat16_blocks_are_steps_of_eight_products(compile_kernels, shape, seed):
    m, k, n = shape
    generator = np.random.default_rng(seed)
    a, b = bfloat16_bits(generator, (m, k)), bfloat16_bits(generator, (k, n))
    c = generator.standard_normal((m, n)).astype(np.float32).view(np.uint32)
    out = copied(c)
    kernels = compile_kernels(FLOAT_SOURCE)
    kernels(kernel_name("bfloat16", "bfloat16", shape), copied(a), copied(b), out)
    expected = []
    for row in range(m):
        for column in range(n):
            sum_bits = int(c[row, column])
            for first in range(0, k, 8):
                x, y = a[row, first : first + 8], b[first : first + 8, column]
                sum_bits = mac_bits([sum_bits], x.tolist(), y.tolist())
            expected.append(sum_bits)
    assert out.tolist() == expected


def split(bits: int, rounding: int) -> list[int]:
    """A float as three bfloat16, each the rest of the one before, narrowed by crRnd."""
    parts, rest = [], bits
    for _ in range(3):
        part = narrow_bits(rest, rounding)
        parts.append(part)
        rest = mac_bits([rest], [part ^ 0x8000], [0x3F80])
    return parts


# SAFE: nine partial products, smallest first; the last joins the accumulator in its own step.
PARTS = [(2, 2), (2, 1), (1, 2), (0, 2), (1, 1), (2, 0), (1, 0), (0, 1)]


@pytest.mark.parametrize("shape", FLOAT_SHAPES, ids=str)
@given(seed=st.integers(0, 2**32 - 1), rounding=st.sampled_from([0, 12]))
def test_float_blocks_are_nine_bfloat16_blocks(compile_kernels, shape, seed, rounding):
    m, k, n = shape
    generator = np.random.default_rng(seed)
    a, b, c = (
        generator.standard_normal(size).astype(np.float32).view(np.uint32)
        for size in ((m, k), (k, n), (m, n))
    )
    out = copied(c)
    kernels = compile_kernels(FLOAT_SOURCE).modes(rounding)
    kernels(kernel_name("float", "float", shape), copied(a), copied(b), out)
    for row in (0, m - 1):
        for column in (0, n - 1):
            x = [split(int(bits), rounding) for bits in a[row]]
            y = [split(int(bits), rounding) for bits in b[:, column]]
            chain = 0
            for p, q in PARTS:
                chain = mac_bits([chain], [parts[p] for parts in x], [parts[q] for parts in y])
            start = int(c[row, column])
            expected = mac_bits([chain, start], [p[0] for p in x], [q[0] for q in y])
            assert out[row * n + column] == expected


@pytest.mark.parametrize("case", COMPLEX_CASES, ids=lambda case: kernel_name(*case))
@given(seed=st.integers(0, 2**32 - 1))
def test_complex_integer_blocks(compile_kernels, case, seed):
    type_a, type_b, (m, k, n) = case
    generator = np.random.default_rng(seed)

    def operand(name: str, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """As stored, and as pairs of exact integers."""
        part = name.removeprefix("c")
        limits = np.iinfo(part)
        parts = generator.integers(limits.min, limits.max, (*shape, 2), part, endpoint=True)
        if part == name:
            parts[..., 1] = 0
            return np.ascontiguousarray(parts[..., 0]), parts.astype(object)
        return parts, parts.astype(object)

    (a, x), (b, y) = operand(type_a, (m, k)), operand(type_b, (k, n))
    out = aligned(2 * m * n, np.int64)
    compile_kernels(FLOAT_SOURCE)(kernel_name(type_a, type_b, (m, k, n)), copied(a), copied(b), out)
    real = x[..., 0] @ y[..., 0] - x[..., 1] @ y[..., 1]
    imaginary = x[..., 0] @ y[..., 1] + x[..., 1] @ y[..., 0]
    expected = np.stack([real, imaginary], -1).ravel()
    assert out.tolist() == [wrapped(int(value), 64, True) for value in expected]


@pytest.mark.parametrize("shape", NIBBLE_SHAPES, ids=str)
@given(seed=st.integers(0, 2**32 - 1))
def test_four_bit_blocks_hold_two_elements_a_byte(compile_kernels, shape, seed):
    m, k, n = shape
    generator = np.random.default_rng(seed)
    a = generator.integers(-128, 128, (m, k)).astype(np.int8)
    b = generator.integers(-8, 8, (k, n))
    pairs = (b.ravel() & 15).reshape(-1, 2)
    packed = (pairs[:, 0] | pairs[:, 1] << 4).astype(np.uint8)
    out = aligned(m * n, np.int32)
    compile_kernels(FLOAT_SOURCE)(
        kernel_name("int8", "int4", shape), copied(a), copied(packed), out
    )
    assert out.tolist() == (a.astype(int) @ b).ravel().tolist()


@given(seed=st.integers(0, 2**32 - 1))
def test_complex_bfloat16_blocks_are_one_step(compile_kernels, seed):
    generator = np.random.default_rng(seed)
    a = generator.standard_normal((2, 8, 2)).astype(ml_dtypes.bfloat16)
    b = generator.standard_normal((8, 2, 2)).astype(ml_dtypes.bfloat16)
    out = aligned(8, np.uint32)
    name = kernel_name("cbfloat16", "cbfloat16", (2, 8, 2))
    compile_kernels(FLOAT_SOURCE)(name, copied(a), copied(b), out)
    x, y = a.view(np.uint16), b.view(np.uint16)
    for row in range(2):
        for column in range(2):
            real, imaginary = x[row, :, 0].tolist(), x[row, :, 1].tolist()
            other_real, other_imaginary = y[:, column, 0].tolist(), y[:, column, 1].tolist()
            negated = [bits ^ 0x8000 for bits in imaginary]
            lane = 2 * (2 * row + column)
            assert out[lane] == mac_bits([0], real + negated, other_real + other_imaginary)
            assert out[lane + 1] == mac_bits([0], real + imaginary, other_imaginary + other_real)


def test_a_fresh_block_starts_from_zero(compile_kernels):
    generator = np.random.default_rng(0)
    a, b = (copied(generator.standard_normal(32).astype(ml_dtypes.bfloat16)) for _ in range(2))
    out = aligned(48, np.float32)
    compile_kernels(FLOAT_SOURCE)("fresh", a, b, out)
    x, y = a.reshape(4, 8).astype(np.float32), b.astype(np.float32)
    np.testing.assert_allclose(out[:16].reshape(4, 4), x @ y.reshape(8, 4), rtol=1e-5, atol=1e-6)
    assert out[16:32].tolist() == out[:16].tolist()
    np.testing.assert_allclose(out[32:].reshape(4, 4), x @ y.reshape(4, 8).T, rtol=1e-5, atol=1e-6)
