"""SRS, UPS, pack and fp32 -> bf16 in every rounding and saturation mode, against exact integers."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied
from silicon_reference import (
    ROUNDING_MODES,
    SATURATION_MODES,
    narrow_bits,
    saturated,
    srs,
    wrapped,
)

SRS_PAIRS = [
    (accumulator, target)
    for accumulator, targets in (
        ("acc32", ("int8", "uint8", "int16", "uint16", "int32", "uint32")),
        ("acc64", ("int8", "uint8", "int16", "uint16", "int32", "uint32")),
    )
    for target in targets
]

PACK_PAIRS = [("int16", "int8"), ("int16", "uint8"), ("uint16", "uint8"), ("int32", "int16")]

SOURCE = "\n".join(
    [
        *(
            f'extern "C" void srs_{tag}_{to}(const void *acc, {to} *out, int shift) {{'
            f"  aie::accum<{tag}, 16> a;"
            f"  a.lane = *(const decltype(a.lane) *)acc;"
            f"  aie::store_v(out, a.to_vector<{to}>(shift)); }}"
            for tag, to in SRS_PAIRS
        ),
        *(
            f'extern "C" void ups_{tag}_{source}(const {source} *v, void *out, int shift) {{'
            f"  aie::accum<{tag}, 16> a; a.from_vector(aie::load_v<16>(v), shift);"
            f"  *(decltype(a.lane) *)out = a.lane; }}"
            for tag, source in (
                ("acc32", "int8"),
                ("acc32", "uint8"),
                ("acc32", "int16"),
                ("acc32", "uint16"),
                ("acc64", "int16"),
                ("acc64", "int32"),
                ("acc64", "uint32"),
            )
        ),
        *(
            f'extern "C" void pack_{source}_{to}(const {source} *v, {to} *out) {{'
            f"  aie::store_v(out, aie::load_v<32>(v).pack<{to}>()); }}"
            for source, to in (
                ("int16", "int8"),
                ("int16", "uint8"),
                ("uint16", "uint8"),
                ("int32", "int16"),
            )
        ),
        """
        extern "C" void narrow(const float *v, bfloat16 *out, int vectors) {
          for (int i = 0; i < vectors; ++i)
            aie::store_v(out + 16 * i, aie::accum<accfloat, 16>(aie::load_v<16>(v + 16 * i))
                                           .to_vector<bfloat16>());
        }
        extern "C" void narrow_scalars(const float *v, bfloat16 *out, int count) {
          for (int i = 0; i < count; ++i) out[i] = bfloat16(v[i]);
        }
        extern "C" void widen(const bfloat16 *v, float *out) {
          aie::store_v(out, aie::accum<accfloat, 16>(aie::load_v<16>(v)).to_vector<float>());
        }
        constexpr bfloat16 folded = 0.1f;
        extern "C" void constants(bfloat16 *out) {
          out[0] = folded;
          bfloat16 local = 0.1f;
          out[1] = local;
        }
        extern "C" void unpack_both(const int8 *v, int16 *as_signed, int16 *as_unsigned) {
          aie::store_v(as_signed, aie::load_v<32>(v).unpack());
          aie::store_v(as_unsigned, aie::load_v<32>(v).unpack_sign(false));
        }
        extern "C" void to_unsigned_by_flag(const int *acc, int16 *out) {
          aie::accum<acc32, 16> a;
          a.lane = *(const decltype(a.lane) *)acc;
          aie::store_v(out, a.to_vector_sign<int16>(false));
        }
        """,
    ]
)

BITS = {"int8": 8, "uint8": 8, "int16": 16, "uint16": 16, "int32": 32, "uint32": 32}


def integers_near_edges(bits: int) -> st.SearchStrategy[int]:
    """All magnitudes alike, and what lies beside powers of two and their halves."""
    beside = st.builds(
        lambda sign, power, offset: sign * (1 << power) + offset,
        st.sampled_from([-1, 1]),
        st.integers(0, bits - 2),
        st.integers(-2, 2),
    )
    anywhere = st.integers(0, bits - 1).flatmap(
        lambda width: st.integers(-(1 << width), (1 << width) - 1)
    )
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return st.one_of(beside, anywhere, st.sampled_from([low, high, low + 1])).map(
        lambda value: min(max(value, low), high)
    )


@pytest.mark.parametrize(("accumulator", "target"), SRS_PAIRS)
@given(data=st.data())
def test_shift_round_saturate(compile_kernels, accumulator, target, data):
    bits = int(accumulator[3:])
    shift = data.draw(st.integers(-1, 31 if bits == 32 else 59), label="shift")
    rounding = data.draw(st.sampled_from(ROUNDING_MODES), label="rounding")
    saturation = data.draw(st.sampled_from(SATURATION_MODES), label="saturation")
    values = data.draw(st.lists(integers_near_edges(bits), min_size=16, max_size=16))
    out = aligned(16, target)
    kernels = compile_kernels(SOURCE).modes(rounding, saturation)
    kernels(f"srs_{accumulator}_{target}", copied(np.array(values, f"int{bits}")), out, shift)
    signed = target.startswith("int")
    expected = [srs(v, shift, BITS[target], signed, rounding, saturation) for v in values]
    assert out.tolist() == expected


@pytest.mark.parametrize("rounding", ROUNDING_MODES)
def test_rounding_of_all_small_values(compile_kernels, rounding):
    kernels = compile_kernels(SOURCE).modes(rounding, 0)
    out = aligned(16, "int16")
    for shift in range(6):
        values = np.arange(-96, 96, dtype=np.int32)
        for block in values.reshape(-1, 16):
            kernels("srs_acc32_int16", copied(block), out, shift)
            assert out.tolist() == [srs(int(v), shift, 16, True, rounding, 0) for v in block]


@pytest.mark.parametrize(
    ("accumulator", "source"),
    [("acc32", "int8"), ("acc32", "uint8"), ("acc32", "int16"), ("acc32", "uint16"),
     ("acc64", "int16"), ("acc64", "int32"), ("acc64", "uint32")],
)  # fmt: skip
@given(data=st.data())
def test_upshift_into_accumulators(compile_kernels, accumulator, source, data):
    bits, limits = int(accumulator[3:]), np.iinfo(source)
    shift = data.draw(st.integers(0, 31))
    saturation = data.draw(st.sampled_from(SATURATION_MODES))
    values = data.draw(
        st.lists(st.integers(int(limits.min), int(limits.max)), min_size=16, max_size=16)
    )
    out = aligned(16, f"int{bits}")
    kernels = compile_kernels(SOURCE).modes(0, saturation)
    kernels(f"ups_{accumulator}_{source}", copied(np.array(values, source)), out, shift)
    assert out.tolist() == [saturated(v << shift, bits, True, saturation) for v in values]


@pytest.mark.parametrize("saturation", SATURATION_MODES)
@pytest.mark.parametrize(("source", "target"), PACK_PAIRS)
def test_pack_saturates_by_crsat_and_does_not_round(compile_kernels, source, target, saturation):
    limits, small = np.iinfo(source), np.iinfo(target)
    edges = [int(limits.min), int(limits.max), 200, -200, 0, -1, 127, 128, 255, 256]
    edges += [int(small.min), int(small.max), int(small.min) - 1, int(small.max) + 1]
    values = np.zeros(32, source)
    values[: len(edges)] = [wrapped(v, BITS[source], source.startswith("int")) for v in edges]
    out = aligned(32, target)
    compile_kernels(SOURCE).modes(12, saturation)(f"pack_{source}_{target}", copied(values), out)
    signed = target.startswith("int")
    assert out.tolist() == [saturated(int(v), BITS[target], signed, saturation) for v in values]


def test_unpack_extends_by_type_or_by_flag(compile_kernels):
    values = copied(np.arange(-16, 16, dtype=np.int8))
    as_signed, as_unsigned = aligned(32, np.int16), aligned(32, np.int16)
    compile_kernels(SOURCE)("unpack_both", values, as_signed, as_unsigned)
    assert as_signed.tolist() == values.tolist()
    assert as_unsigned.tolist() == values.view(np.uint8).tolist()


def test_sign_flag_decides_the_range(compile_kernels):
    values = copied(np.array([-5, 40000, 70000, 7] * 4, np.int32))
    out = aligned(16, np.int16)
    compile_kernels(SOURCE).modes(0, 1)("to_unsigned_by_flag", values, out)
    assert out.view(np.uint16).tolist() == [0, 40000, 65535, 7] * 4


LOW_HALVES = (0x0000, 0x0001, 0x7FFF, 0x8000, 0x8001, 0xFFFF)


@pytest.mark.parametrize("rounding", ROUNDING_MODES)
@pytest.mark.parametrize("kernel", ["narrow", "narrow_scalars"])
def test_narrowing_of_every_upper_half(compile_kernels, kernel, rounding):
    upper = np.arange(0, 0x10000, 7 if kernel == "narrow" else 61, dtype=np.uint32)
    bits = np.concatenate([upper << 16 | low for low in LOW_HALVES])
    bits = copied(bits[: bits.size // 16 * 16])
    out = aligned(bits.size, np.uint16)
    count = bits.size // 16 if kernel == "narrow" else bits.size
    compile_kernels(SOURCE).modes(rounding)(kernel, bits, out, count)
    assert out.tolist() == [narrow_bits(int(b), rounding) for b in bits]


def test_floor_narrows_towards_minus_infinity(compile_kernels):
    """Measured on npu1 (mlir-aie PR 3587): inexact negative values grow in magnitude."""
    values = copied(np.array([1.01, -1.01] * 8, np.float32))
    out = aligned(16, ml_dtypes.bfloat16)
    compile_kernels(SOURCE).modes(0)("narrow", values, out, 1)
    assert out[0] <= np.float32(1.01)
    assert out[1] <= np.float32(-1.01)


def test_constants_are_rounded_to_nearest_whatever_the_mode(compile_kernels):
    out = aligned(2, ml_dtypes.bfloat16)
    compile_kernels(SOURCE).modes(0)("constants", out)
    assert out.tolist() == [ml_dtypes.bfloat16(0.1)] * 2


def test_widening_keeps_every_bit(compile_kernels):
    kernels, out = compile_kernels(SOURCE), aligned(16, np.uint32)
    for block in np.arange(0x10000, dtype=np.uint16).reshape(-1, 16)[::97]:
        kernels("widen", copied(block), out)
        assert out.tolist() == [int(b) << 16 for b in block]
