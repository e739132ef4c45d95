"""Intrinsics beneath the API: lanes, ALU, shuffles, conversions, multiply-accumulate."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied
from silicon_reference import mac_bits, srs, wrapped

BFLOAT16 = ml_dtypes.bfloat16

SOURCE = """
extern "C" void permute(const void *a, const void *b, void *out, int mode) {
  *(v64int8 *)out = shuffle(*(const v64int8 *)a, *(const v64int8 *)b, mode);
}
extern "C" void shift_down(const v32int16 *a, const v32int16 *b, v32int16 *out, int n) {
  out[0] = shift_bytes(*a, *b, 2 * n);
  out[1] = shift(*a, *b, n);
}
extern "C" void alu(const v16int32 *a, const v16int32 *b, v16int32 *out, unsigned *masks) {
  const v16int32 x = *a, y = *b;
  *out++ = add(x, y), *out++ = sub(x, y), *out++ = max(x, y), *out++ = min(x, y);
  *out++ = band(x, y), *out++ = bor(x, y), *out++ = bneg(x), *out++ = bxor(x, y);
  *out++ = sel(x, y, 0x00FFu), *out++ = addsub(x, y, 0xFF00u), *out++ = x + y;
  masks[0] = lt(x, y), masks[1] = ge(x, y), masks[2] = gt(x, y), masks[3] = le(x, y);
  masks[4] = eq(x, y), masks[5] = ne(x, y), masks[6] = ltz(x), masks[7] = gtz(x);
  *out++ = max_lt(x, y, masks[8]);
}
extern "C" void lanes(const v32int16 *in, v32int16 *out) {
  v32int16 v = *in++;
  v = upd_elem(v, 3, 77);
  v = insert(v, 4, int16(78));
  v = insert(v, 1, extract_v16int16(v, 0));
  *out++ = v;
  *out++ = concat(extract_v16int16(v, 1), extract_v16int16(v, 0));
  *out++ = insert(set_v32int16(0, extract_v8int16(v, 1)), 3, extract_v8int16(v, 0));
  *out++ = broadcast_to_v32int16(int16(ext_elem(v, 5)));
  *out++ = v32int16(broadcast_one_to_v32bfloat16());
  *out++ = broadcast_zero_to_v32int16();
  *out++ = v32int16(v64int8(v));
}
extern "C" void conversions(const v16acc64 *wide, const v32acc32 *narrow, void *out, int shift) {
  char *p = (char *)out;
  *(v16int32 *)p = lsrs(*wide, shift), p = byte_incr(p, 64);
  *(v32int16 *)p = lsrs(*narrow, shift, 1), p = byte_incr(p, 64);
  *(v16int16 *)p = ssrs(*wide, shift), p = byte_incr(p, 32);
  *(v32int8 *)p = ssrs(*narrow, shift), p = byte_incr(p, 32);
  *(v32uint8 *)p = srs_to_v32uint8(*narrow, shift), p = byte_incr(p, 32);
  *(v16int32 *)p = srs_to_v16int32_conf(*wide, shift, 1, 12), p = byte_incr(p, 64);
  *(v32acc32 *)p = ups_to_v32acc32(srs_to_v32int16(*narrow, shift), 2);
}
extern "C" void integer_macs(const v64int8 *a, const v64int8 *b, const v32acc32 *c, v32acc32 *out) {
  *out++ = mac_4x8_8x8(*a, *b, *c);
  *out++ = mac_4x8_8x8(*a, 0, *b, 1, *c);
  *out++ = msc_4x8_8x8(*a, *b, *c);
  *out++ = mul_4x8_8x8(*a, *b);
  *out++ = mul_elem_32_2(*a, *b);
  *out++ = mac_4x8_8x8_conf(*a, *b, *c, 1, 0, 1, 0);
  *out++ = mul_conv_32x8(*a, *b);
}
extern "C" void wide_macs(const v32int16 *a, const v32int16 *b, v16acc64 *out, v32acc32 *narrow) {
  *out++ = mac_4x4_4x4(*a, *b, mul_2x4_4x8(*a, *b));
  *out++ = mul_elem_16_2(*a, *b);
  *narrow = mac_elem_32(*a, *b, mul_elem_32(*b, *b));
}
extern "C" void float_macs(const v32bfloat16 *a, const v32bfloat16 *b, const v16accfloat *c,
                           v16accfloat *out) {
  *out++ = mac_4x8_8x4(*a, *b, *c);
  *out++ = msc_4x8_8x4(*a, *b, *c);
  *out++ = mac_elem_16_2(*a, *b, *c);
  *out++ = negmul_elem_16_2(*a, *b);
  *out++ = addmac_elem_16_2(*a, *b, *c, *c);
}
extern "C" void statics(int *out) {
  static v16acc64 kept;
  *(v16int32 *)out = lsrs(kept, 0, 0);
  kept = add(kept, ups_to_v16acc64(broadcast_to_v16int32(1), 0));
}
"""

# name: bits of an element, rows, columns, 512-bit half (the published table of modes).
MODES = [
    *((bits, 512 // bits, 2, half) for bits in (8, 16, 32, 64, 128, 256) for half in (0, 1)),
    *((bits, 2, 512 // bits, half) for bits in (128, 64, 32, 16, 8, 512) for half in (0, 1)),
    *((16, rows, columns, half) for rows, columns in ((16, 4), (4, 16)) for half in (0, 1)),
    (16, 8, 4, 0), (16, 4, 8, 0),
    *((32, rows, columns, half) for rows, columns in ((8, 4), (4, 8)) for half in (0, 1)),
    (32, 4, 4, 0), (8, 8, 8, 0), (8, 16, 4, 0), (8, 4, 16, 0),
    None,
    *((16, rows, columns, 0) for rows, columns in ((4, 4), (4, 2), (2, 4), (8, 2), (2, 8))),
    (16, 16, 2, 0), (16, 2, 16, 0), (8, 8, 4, 0), (8, 4, 8, 0),
]  # fmt: skip


def shuffled(a: np.ndarray, b: np.ndarray, mode: int) -> np.ndarray:
    if MODES[mode] is None:
        return a.reshape(-1, 2, 2)[:, ::-1].ravel()
    bits, rows, columns, half = MODES[mode]
    size = bits // 8
    if bits == 512:
        return b if half else a
    whole = np.concatenate([a, b]) if rows * columns * bits == 1024 else a
    blocks = whole.reshape(-1, rows, columns, size).transpose(0, 2, 1, 3)
    return blocks.ravel()[64 * half : 64 * half + 64]


@pytest.mark.parametrize("mode", range(48))
def test_every_shuffle_is_a_transpose(compile_kernels, mode):
    a, b = np.arange(64, dtype=np.uint8), np.arange(64, 128, dtype=np.uint8)
    out = aligned(64, np.uint8)
    compile_kernels(SOURCE)("permute", copied(a), copied(b), out, mode)
    assert out.tolist() == shuffled(a, b, mode).tolist()


@given(n=st.integers(0, 31))
def test_shift_takes_a_window_of_both_operands(compile_kernels, n):
    a, b, out = (
        copied(np.arange(size, dtype=np.int16) + start)
        for size, start in ((32, 0), (32, 32), (64, 0))
    )
    compile_kernels(SOURCE)("shift_down", a, b, out, n)
    assert out.tolist() == [*range(n, n + 32)] * 2


def integers(seed: int, count: int, dtype: object) -> np.ndarray:
    limits = np.iinfo(dtype)
    return copied(np.random.default_rng(seed).integers(limits.min, limits.max, count).astype(dtype))


def mask_of(lanes: np.ndarray) -> int:
    return sum(1 << i for i, lane in enumerate(lanes) if lane)


@given(seed=st.integers(0, 2**32 - 1))
def test_vector_alu(compile_kernels, seed):
    x, y = integers(seed, 16, np.int32), integers(seed + 1, 16, np.int32)
    y[::5] = x[::5]
    out, masks = aligned(12 * 16, np.int32), aligned(9, np.uint32)
    compile_kernels(SOURCE)("alu", x, y, out, masks)
    low = np.arange(16) < 8
    expected = [
        *(x + y, x - y, np.maximum(x, y), np.minimum(x, y), x & y, x | y, ~x, x ^ y),
        *(np.where(low, y, x), np.where(low, x + y, x - y), x + y, np.maximum(x, y)),
    ]
    assert out.reshape(12, 16).tolist() == [lanes.tolist() for lanes in expected]
    compares = (x < y, x >= y, x > y, x <= y, x == y, x != y, x < 0, x > 0, x < y)
    assert masks.tolist() == [mask_of(lanes) for lanes in compares]


def test_lane_access(compile_kernels):
    values, out = copied(np.arange(32, dtype=np.int16)), aligned(7 * 32, np.int16)
    compile_kernels(SOURCE)("lanes", values, out)
    low = np.arange(16)
    low[[3, 4]] = [77, 78]
    rows = out.reshape(7, 32).tolist()
    assert rows[0] == [*low, *low]
    assert rows[1] == [*low, *low]
    assert rows[2][:8] == low[8:].tolist()
    assert rows[2][24:] == low[:8].tolist()
    assert rows[3:6] == [[5] * 32, [0x3F80] * 32, [0] * 32]
    assert rows[6] == rows[0]


@given(seed=st.integers(0, 2**32 - 1), shift=st.integers(0, 20))
def test_conversions(compile_kernels, seed, shift):
    wide, narrow = integers(seed, 16, np.int64) >> 24, integers(seed, 32, np.int32)
    out = aligned(64 + 64 + 32 + 32 + 32 + 64 + 128, np.uint8)
    compile_kernels(SOURCE).modes(9, 3)("conversions", copied(wide), narrow, out, shift)

    def converted(values, bits, signed=True, rounding=9, saturation=3):
        return [srs(v, shift, bits, signed, rounding, saturation) for v in values.tolist()]

    parts, at = [], 0
    for dtype, count in (
        ("int32", 16), ("int16", 32), ("int16", 16), ("int8", 32), ("uint8", 32), ("int32", 16),
        ("int32", 32),
    ):  # fmt: skip
        size = np.dtype(dtype).itemsize * count
        parts.append(out[at : at + size].view(dtype).tolist())
        at += size
    assert parts == [
        *(converted(wide, 32), converted(narrow, 16), converted(wide, 16), converted(narrow, 8)),
        *(converted(narrow, 8, signed=False), converted(wide, 32, rounding=12, saturation=1)),
        [4 * value for value in converted(narrow, 16)],
    ]


@given(seed=st.integers(0, 2**32 - 1))
def test_integer_multiply_accumulate(compile_kernels, seed):
    a, b, c = (
        integers(seed, 64, np.int8),
        integers(seed + 1, 64, np.int8),
        integers(seed, 32, np.int32),
    )
    out = aligned(7 * 32, np.int32)
    compile_kernels(SOURCE)("integer_macs", a, b, c, out)
    x, y, z = a.astype(int), b.astype(int), c.astype(int)
    product = (x[:32].reshape(4, 8) @ y.reshape(8, 8)).ravel()
    unsigned = (a.view(np.uint8)[:32].astype(int).reshape(4, 8) @ y.reshape(8, 8)).ravel()
    window = [sum(x[lane + p] * y[p] for p in range(8)) for lane in range(32)]
    exact = [
        *(z + product, z + unsigned, z - product, product),
        *(x[:32] * y[:32] + x[32:] * y[32:], -product, np.array(window)),
    ]
    expected = [[wrapped(int(v), 32, True) for v in lanes] for lanes in exact]
    assert out.reshape(7, 32).tolist() == expected


@given(seed=st.integers(0, 2**32 - 1))
def test_wide_multiply_accumulate(compile_kernels, seed):
    a, b = integers(seed, 32, np.int16), integers(seed + 1, 32, np.int16)
    out, narrow = aligned(32, np.int64), aligned(32, np.int32)
    compile_kernels(SOURCE)("wide_macs", a, b, out, narrow)
    x, y = a.astype(int), b.astype(int)
    blocks = x[:8].reshape(2, 4) @ y.reshape(4, 8)
    square = x[:16].reshape(4, 4) @ y[:16].reshape(4, 4)
    assert out[:16].tolist() == (blocks.ravel() + square.ravel()).tolist()
    assert out[16:].tolist() == (x[:16] * y[:16] + x[16:] * y[16:]).tolist()
    assert narrow.tolist() == [wrapped(int(v), 32, True) for v in x * y + y * y]


@given(seed=st.integers(0, 2**32 - 1))
def test_float_multiply_accumulate(compile_kernels, seed):
    generator = np.random.default_rng(seed)
    a, b = (copied(generator.standard_normal(32).astype(BFLOAT16)) for _ in range(2))
    c = copied(generator.standard_normal(16).astype(np.float32))
    out = aligned(5 * 16, np.uint32)
    compile_kernels(SOURCE)("float_macs", a, b, c, out)
    x, y, z = (v.view(np.uint16 if v.itemsize == 2 else np.uint32).tolist() for v in (a, b, c))
    rows = out.reshape(5, 16).tolist()
    for lane in range(16):
        row, column = divmod(lane, 4)
        p, q = x[8 * row : 8 * row + 8], y[column::4]
        flipped = [bits ^ 0x8000 for bits in p]
        assert rows[0][lane] == mac_bits([z[lane]], p, q)
        assert rows[1][lane] == mac_bits([z[lane]], flipped, q)
        pair, other = [x[lane], x[16 + lane]], [y[lane], y[16 + lane]]
        assert rows[2][lane] == mac_bits([z[lane]], pair, other)
        assert rows[3][lane] == mac_bits([0], [bits ^ 0x8000 for bits in pair], other)
        assert rows[4][lane] == mac_bits([z[lane], z[lane]], pair, other)


def test_native_statics_start_as_zero_and_are_kept(compile_kernels):
    out = aligned(16, np.int32)
    kernels = compile_kernels(SOURCE + "\n// a library of its own\n")
    for call in range(3):
        kernels("statics", out)
        assert out.tolist() == [call] * 16
