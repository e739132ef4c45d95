"""Moving lanes, reductions, masks, iterators, memory: against numpy on the same layout."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied
from silicon_reference import add_bits, mac_bits, narrow_bits

LANES = {"int8": 64, "int16": 32, "int32": 16, "float": 16, "bfloat16": 32}

BODIES = {
    "up_rotate": "aie::shuffle_up_rotate(x, n)",
    "up_replicate": "aie::shuffle_up_replicate(x, n)",
    "up_fill": "aie::shuffle_up_fill(x, y, n)",
    "down_rotate": "aie::shuffle_down_rotate(x, n)",
    "down_replicate": "aie::shuffle_down_replicate(x, n)",
    "down_fill": "aie::shuffle_down_fill(x, y, n)",
    "reverse": "aie::reverse(x)",
    "transposed": "aie::transpose(x, n, N / n)",
    "evens": "aie::concat(aie::filter_even(x, n), aie::filter_odd(x, n))",
    "zipped": "aie::interleave_zip(x, y, n).first",
    "zipped_high": "aie::interleave_zip(x, y, n).second",
    "unzipped": "aie::interleave_unzip(x, y, n).first",
    "unzipped_high": "aie::interleave_unzip(x, y, n).second",
    "extracted": "aie::concat(x.template extract<N / 2>(1), y.template extract<N / 2>(0))",
    "inserted": "V(x).insert(1, y.template extract<N / 2>(0))",
    "pushed": "V(x).push(T(9))",
    "grown": "x.template extract<N / 2>(0).template grow<N>(1)"
    ".insert(0, y.template extract<N / 2>(1))",
}


def kernels_of(element: str) -> str:
    return "".join(
        f"""
extern "C" void {name}_{element}(const void *p, const void *q, {element} *out, unsigned n) {{
  using T = {element};
  constexpr unsigned N = {lanes};
  using V [[maybe_unused]] = aie::vector<T, N>;
  const auto x = aie::load_v<N>((const T *)p), y = aie::load_v<N>((const T *)q);
  (void)x, (void)y, (void)n;
  aie::store_v(out, {body});
}}
"""
        for lanes in (LANES[element],)
        for name, body in BODIES.items()
    )


SOURCE = (
    "#include <aie_api/operators.hpp>\n"
    + kernels_of("int8")
    + kernels_of("int16")
    + kernels_of("int32")
    + kernels_of("bfloat16")
    + """
extern "C" void sums(const bfloat16 *x, bfloat16 *out) {
  out[0] = aie::reduce_add(aie::load_v<8>(x));
  out[1] = aie::reduce_add(aie::load_v<16>(x));
  out[2] = aie::reduce_add(aie::load_v<32>(x));
  out[3] = aie::reduce_add(aie::load_v<64>(x));
}
extern "C" void float_sums(const float *x, float *out) {
  out[0] = aie::reduce_add(aie::load_v<8>(x));
  out[1] = aie::reduce_add(aie::load_v<16>(x));
  out[2] = aie::reduce_add(aie::load_v<32>(x));
}
extern "C" void integer_reductions(const int8 *x, int *out) {
  const auto v = aie::load_v<64>(x);
  out[0] = aie::reduce_add(v), out[1] = aie::reduce_max(v), out[2] = aie::reduce_min(v);
  out[3] = aie::reduce_max(v.cast_to<uint8>());
  const auto both = aie::reduce_add_v(v, aie::neg(v));
  out[4] = both.get(0), out[5] = both.get(1);
}
extern "C" void extremes(const bfloat16 *x, bfloat16 *out) {
  out[0] = aie::reduce_max(aie::load_v<32>(x)), out[1] = aie::reduce_min(aie::load_v<32>(x));
}
extern "C" void masks(unsigned a, unsigned b, unsigned *out) {
  const auto m = aie::mask<16>::from_uint32(a), n = aie::mask<16>::from_uint32(b);
  out[0] = (m & n).to_uint32(), out[1] = (m | n).to_uint32(), out[2] = (m ^ n).to_uint32();
  out[3] = (~m).to_uint32(), out[4] = (m << 3).to_uint32(), out[5] = (m >> 5).to_uint32();
  out[6] = m.count(), out[7] = m.empty(), out[8] = m.full(), out[9] = m.clz();
  out[10] = m.extract<8>(1).to_uint32();
  const auto whole = aie::mask<64>::from_masks(m, n, m, n);
  out[11] = static_cast<unsigned>(whole.to_uint64() >> 32);
  out[12] = static_cast<unsigned>(whole.to_uint64());
}
extern "C" void walk(const int16 *in, int16 *out) {
  auto from = aie::cbegin_vector<16>(in);
  auto to = aie::begin_vector<16>(out);
  for (int i = 0; i < 4; ++i) *to++ = *from++;
  *to++ = aie::add(*(from - 1), from[-2]);
  auto unaligned = aie::cbegin_unaligned_vector<16>(in + 3);
  const aie::vector<int16, 16> shifted = *unaligned;
  *to++ = shifted;
  auto circle = aie::begin_vector_circular<16>(const_cast<int16 *>(in), 32);
  ++circle, ++circle, ++circle;
  *to++ = *circle;
  auto scalars = aie::begin_circular(const_cast<int16 *>(in), 3);
  for (int i = 0; i < 4; ++i) ++scalars;
  out[112] = *scalars;
  auto pattern = aie::begin_pattern<2>(const_cast<int16 *>(in), 1, 10);
  ++pattern, ++pattern, ++pattern;
  out[113] = *pattern;
  aie::store_unaligned_v(out + 115, aie::load_unaligned_v<8>(in + 1));
  aie::store_floor_v(out + 130, aie::load_floor_v<16>(in + 5), 16);
}
extern "C" void streams(const int16 *in, int16 *out) {
  auto from = aie::make_vector_input_buffer_stream<16>(in);
  auto to = aie::make_vector_output_buffer_stream<16>(out);
  aie::vector<int16, 16> v;
  from >> v;
  to << from.pop() << v;
  const auto shape = aie::make_tensor_descriptor<int16, 16>(
      aie::tensor_dim(2, 1), aie::tensor_dim(2, 0), aie::tensor_dim(2, 2));
  auto tensor = aie::make_tensor_buffer_stream(in, shape);
  for (int i = 0; i < 8; ++i) to << tensor.pop();
}
extern "C" void operated(const int16 *in, int16 *out) {
  using namespace aie::operators;
  auto v = aie::load_v<32>(in);
  v += v;
  v = (v - aie::load_v<32>(in)) << 1;
  v = -(v & ~aie::zeros<int16, 32>()) >> 1;
  aie::store_v(out, aie::select(v, int16(0), v < int16(-7)));
}
extern "C" void lanes_of(const int16 *in, int16 *out) {
  auto v = aie::load_v<16>(in);
  v[2] = v[3] + 100;
  v[4] += 7;
  v.set(-5, 0);
  aie::store_v(out, v);
  out[16] = v[2], out[17] = v.get(4);
}
"""
)


def numpy_of(name: str, x: np.ndarray, y: np.ndarray, n: int) -> np.ndarray:
    size = x.size
    if name == "evens":
        pairs = x.reshape(-1, 2, n)
        return np.concatenate([pairs[:, 0].ravel(), pairs[:, 1].ravel()])
    if name.startswith("zipped"):
        joined = np.stack([x.reshape(-1, n), y.reshape(-1, n)], 1).ravel()
        return joined[size:] if name.endswith("high") else joined[:size]
    if name.startswith("unzipped"):
        chunks = np.concatenate([x, y]).reshape(-1, 2, n)
        return chunks[:, 1].ravel() if name.endswith("high") else chunks[:, 0].ravel()
    half = size // 2
    return {
        "up_rotate": lambda: np.roll(x, n),
        "up_replicate": lambda: np.concatenate([np.full(n, x[0]), x])[:size],
        "up_fill": lambda: np.concatenate([y[size - n :], x])[:size],
        "down_rotate": lambda: np.roll(x, -n),
        "down_replicate": lambda: np.concatenate([x, np.full(n, x[-1])])[n:],
        "down_fill": lambda: np.concatenate([x, y[:n]])[n:],
        "reverse": lambda: x[::-1],
        "transposed": lambda: x.reshape(n, -1).T.ravel(),
        "extracted": lambda: np.concatenate([x[half:], y[:half]]),
        "inserted": lambda: np.concatenate([x[:half], y[:half]]),
        "pushed": lambda: np.concatenate([np.array([9]).astype(x.dtype), x[:-1]]),
        "grown": lambda: np.concatenate([y[half:], x[:half]]),
    }[name]()


@pytest.mark.parametrize("element", ["int8", "int16", "int32", "bfloat16"])
@pytest.mark.parametrize("name", BODIES)
def test_lanes_go_where_numpy_says(compile_kernels, name, element):
    dtype, size = np.dtype(getattr(ml_dtypes, element, element)), LANES[element]
    generator = np.random.default_rng(size)
    x, y = (generator.integers(-120, 120, size).astype(dtype) for _ in range(2))
    kernels, out = compile_kernels(SOURCE), aligned(size, dtype)
    powers = [1, 2, 4, size // 2] + ([] if name == "evens" else [size])
    needs_power = name in ("transposed", "evens") or "zip" in name
    for n in powers if needs_power else [0, 1, 3, size - 1, size]:
        if n == size and ("unzipped" in name or name == "transposed"):
            continue
        kernels(f"{name}_{element}", copied(x), copied(y), out, n)
        assert out.tolist() == numpy_of(name, x, y, n).tolist(), n


def bits(values: np.ndarray) -> list[int]:
    return values.view(np.uint16 if values.itemsize == 2 else np.uint32).tolist()


@given(seed=st.integers(0, 2**32 - 1), rounding=st.sampled_from([0, 12]))
def test_bfloat16_sums_are_rows_of_eight_then_a_tree(compile_kernels, seed, rounding):
    x = np.random.default_rng(seed).standard_normal(64).astype(ml_dtypes.bfloat16)
    out = aligned(4, np.uint16)
    compile_kernels(SOURCE).modes(rounding)("sums", copied(x), out)

    def row(number: int, lanes: int) -> int:
        total = 0
        for start in range(8 * number, lanes, 32):
            total = mac_bits([total], bits(x[start : start + 8]), [0x3F80] * 8)
        return total

    def tree(lanes: int) -> int:
        even, odd = (add_bits(row(i, lanes), row(i + 2, lanes)) for i in (0, 1))
        return add_bits(even, odd)

    exact = [row(0, 8), add_bits(row(0, 16), row(1, 16)), tree(32), tree(64)]
    assert out.tolist() == [narrow_bits(total, rounding) for total in exact]


@given(seed=st.integers(0, 2**32 - 1))
def test_float_sums_are_a_tree_of_halves(compile_kernels, seed):
    x = np.random.default_rng(seed).standard_normal(32).astype(np.float32)
    out = aligned(3, np.uint32)
    compile_kernels(SOURCE)("float_sums", copied(x), out)

    def tree(values: list[int]) -> int:
        while len(values) > 1:
            half = len(values) // 2
            values = [add_bits(a, b) for a, b in zip(values[:half], values[half:], strict=True)]
        return values[0]

    assert out.tolist() == [tree(bits(x[:8])), tree(bits(x[:16])), tree(bits(x))]


@given(seed=st.integers(0, 2**32 - 1))
def test_integer_reductions(compile_kernels, seed):
    x = np.random.default_rng(seed).integers(-128, 128, 64).astype(np.int8)
    out = aligned(6, np.int32)
    compile_kernels(SOURCE)("integer_reductions", copied(x), out)
    total = int(x.sum(dtype=np.int8))
    negated = int((-x).sum(dtype=np.int8))
    expected = [total, x.max(), x.min(), x.view(np.uint8).max(), total, negated]
    assert out.tolist() == [int(value) for value in expected]
    y = (x[:32].astype(np.float32) / 7).astype(ml_dtypes.bfloat16)
    found = aligned(2, ml_dtypes.bfloat16)
    compile_kernels(SOURCE)("extremes", copied(y), found)
    assert found.tolist() == [y.max(), y.min()]


@given(a=st.integers(0, 0xFFFF), b=st.integers(0, 0xFFFF))
def test_masks(compile_kernels, a, b):
    out = aligned(13, np.uint32)
    compile_kernels(SOURCE)("masks", a, b, out)
    assert out.tolist() == [
        *(a & b, a | b, a ^ b, a ^ 0xFFFF, a << 3 & 0xFFFF, a >> 5),
        *(a.bit_count(), int(a == 0), int(a == 0xFFFF), 16 - a.bit_length(), a >> 8),
        *(a | b << 16, a | b << 16),
    ]


def test_iterators_and_unaligned_access(compile_kernels):
    values, out = copied(np.arange(1, 97, dtype=np.int16)), aligned(160, np.int16)
    compile_kernels(SOURCE)("walk", values, out)
    assert out[:64].tolist() == values[:64].tolist()
    assert out[64:80].tolist() == (values[48:64] + values[32:48]).tolist()
    assert out[80:96].tolist() == values[3:19].tolist()
    assert out[96:112].tolist() == values[16:32].tolist()
    assert (out[112], out[113]) == (values[1], values[12])
    assert out[115:123].tolist() == values[1:9].tolist()
    assert out[128:144].tolist() == values[:16].tolist()


def test_buffer_streams(compile_kernels):
    values, out = copied(np.arange(64, dtype=np.int16)), aligned(160, np.int16)
    compile_kernels(SOURCE)("streams", values, out)
    starts = out.reshape(-1, 16)[:, 0] // 16
    assert starts.tolist() == [1, 0, 0, 2, 0, 2, 1, 3, 1, 3]
    assert (out.reshape(-1, 16) % 16 == np.arange(16)).all()


def test_operators(compile_kernels):
    values, out = copied(np.arange(32, dtype=np.int16)), aligned(32, np.int16)
    compile_kernels(SOURCE).modes(0, 0)("operated", values, out)
    assert out.tolist() == [-v if v <= 7 else 0 for v in range(32)]


def test_lanes_read_and_assigned(compile_kernels):
    values, out = copied(np.arange(16, dtype=np.int16)), aligned(18, np.int16)
    compile_kernels(SOURCE)("lanes_of", values, out)
    expected = values.copy()
    expected[[0, 2, 4]] = [-5, 103, 11]
    assert out[:16].tolist() == expected.tolist()
    assert out[16:].tolist() == [103, 11]
