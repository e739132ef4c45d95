"""The ways in which published AIE2 kernels are written, compiled and run as they stand."""

import ml_dtypes
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from kernel_build import aligned, copied

BFLOAT16 = ml_dtypes.bfloat16

SOURCE = """
#define NOCPP
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <aie_api/aie.hpp>
#include "../aie_kernel_utils.h"
#include "lut_based_ops.h"
#include <limits>
using namespace aie;

// Unqualified names, results of products taken as vectors, scalars as operands.
template <typename T_in, typename T_out, const int N>
void weighted(T_in *restrict a, T_out *restrict c, T_in factor) {
  constexpr int vec_factor = 16;
  T_in *__restrict pA = a;
  T_out *__restrict pC = c;
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int i = 0; i < N / vec_factor; i++) {
    vector<T_in, vec_factor> A0 = load_v<vec_factor>(pA);
    pA += vec_factor;
    vector<T_out, vec_factor> cout = mul(A0, factor);
    store_v(pC, cout);
    pC += vec_factor;
  }
}

// A convolution's shape: blocks of unsigned by signed bytes, rounded and saturated to bytes.
void convolve(uint8_t *input, int8_t *weights, uint8_t *output, const int32_t channels,
              const int scale) {
  event0();
  using MMUL4x8x8 = aie::mmul<4, 8, 8, uint8, int8>;
  ::aie::set_saturation(aie::saturation_mode::saturate);
  ::aie::set_rounding(aie::rounding_mode::positive_inf);
  MMUL4x8x8 acc_tmp[2];
  for (int x = 0; x < 2; x++) acc_tmp[x] = aie::zeros<acc32, 32>();
  for (int ic = 0; ic < channels / 8; ic++)
    chess_prepare_for_pipelining chess_loop_range(2, ) {
      aie::vector<int8, 64> in_b = aie::load_v<64>(weights);
      weights += 64;
      for (int x = 0; x < 2; x++) {
        aie::vector<uint8, 32> in_a = aie::load_v<32>(input + (x * (channels / 8) + ic) * 32);
        acc_tmp[x].mac(in_a, in_b);
      }
    }
  for (int xx = 0; xx < 2; xx++) {
    aie::vector<uint8, 32> o1 = acc_tmp[xx].to_vector<uint8>(scale);
    aie::store_v(output, o1);
    output += 32;
  }
  event1();
}

extern "C" {
void scale_bfloat16(bfloat16 *a, bfloat16 *c) {
  weighted<bfloat16, bfloat16, 64>(a, c, bfloat16(0.5f));
}
void convolve_bytes(uint8_t *in, int8_t *weights, uint8_t *out, int channels, int scale) {
  convolve(in, weights, out, channels, scale);
}
void rectify(bfloat16 *restrict a, bfloat16 *restrict c) {
  const v32bfloat16 zeroes = broadcast_zero_to_v32bfloat16();
  for (size_t i = 0; i < 64; i += 32) {
    v32bfloat16 input = *(v32bfloat16 *)(a + i);
    v32bfloat16 output = max(input, zeroes);
    *(v32bfloat16 *)(c + i) = output;
  }
}
void copy_bytes(uint8_t *restrict in, uint8_t *restrict out, int height, int width) {
  v64uint8 *restrict outPtr = (v64uint8 *)out;
  v64uint8 *restrict inPtr = (v64uint8 *)in;
  for (int j = 0; j < (height * width); j += 64) { *outPtr++ = *inPtr++; }
}
// Sum of powers in an accumulator, the inverse from a table, everything scaled by it.
void normalise(bfloat16 *restrict input_vector, bfloat16 *restrict output_vector) {
  auto it_exp_in = aie::cbegin_vector<16>((bfloat16 *)input_vector);
  auto it_exp_out = aie::begin_restrict_vector<16>((bfloat16 *)output_vector);
  aie::accum<accfloat, 16> exp_val_accum = aie::zeros<accfloat, 16>();
  for (int i = 0; i < 4; i++) {
    aie::vector<bfloat16, 16> exp_val = to_v16bfloat16(getExpBf16(*it_exp_in++));
    exp_val_accum = add(exp_val_accum, exp_val);
    *it_exp_out++ = exp_val;
  }
  aie::vector<float, 16> reduce = exp_val_accum.to_vector<float>();
  bfloat16 inverse = getInvBf16(aie::reduce_add(reduce));
  auto it_in = aie::begin_restrict_vector<16>((bfloat16 *)output_vector);
  auto it_out = aie::begin_restrict_vector<16>((bfloat16 *)output_vector);
  for (int i = 0; i < 4; i++) {
    aie::vector<bfloat16, 16> in_elems = *it_in++;
    aie::accum<accfloat, 16> out_vals = aie::mul(in_elems, inverse);
    *it_out++ = out_vals.to_vector<bfloat16>();
  }
}
void largest(int32_t *restrict in, int32_t *restrict out, const int32_t n) {
  v16int32 tiny = broadcast_to_v16int32(INT32_MIN);
  v16int32 running_max = tiny;
  for (int i = 0; i < n; i += 16) running_max = max(*(v16int32 *)(in + i), running_max);
  v16int32 first = shift_bytes(running_max, running_max, 32U);
  v16int32 second = max(running_max, first);
  for (int bytes = 16; bytes >= 4; bytes /= 2)
    second = max(second, shift_bytes(second, second, bytes));
  *(int32_t *)out = extract_elem(second, 0U);
  out[1] = aie::reduce_max(aie::vector<int32, 16>(running_max));
}
void grey(uint8_t *in, uint8_t *out, int16_t *weights) {
  aie::vector<int16_t, 16> wt = aie::load_v<16>(weights);
  aie::vector<uint8_t, 32> r = aie::load_v<32>(in), g = aie::load_v<32>(in + 32);
  aie::vector<uint8_t, 32> b = aie::load_v<32>(in + 64);
  auto sum = aie::accumulate<32>(wt, 0, r, g, b);
  aie::store_v(out, sum.to_vector<uint8_t>(8));
}
void limits(bfloat16 *out) {
  bfloat16 running = std::numeric_limits<bfloat16>::lowest();
  for (int i = 1; i < 4; i++) running = out[i] > running ? out[i] : running;
  out[0] = running;
  float sum = 0;
  for (int i = 1; i < 4; i++) sum += out[i] * 2.0f - 1;
  out[4] = sum;
  out[5] += 1;
}
}
"""


def test_products_as_vectors(compile_kernels):
    x, out = copied(np.linspace(-4, 4, 64).astype(BFLOAT16)), aligned(64, BFLOAT16)
    compile_kernels(SOURCE).modes(0)("scale_bfloat16", x, out)
    assert out.tolist() == (x / BFLOAT16(2)).tolist()


@given(seed=st.integers(0, 2**32 - 1), scale=st.integers(4, 12))
def test_convolution_of_bytes(compile_kernels, seed, scale):
    generator = np.random.default_rng(seed)
    x = generator.integers(0, 256, (2, 4, 4, 8)).astype(np.uint8)
    weights = generator.integers(-128, 128, (4, 8, 8)).astype(np.int8)
    out = aligned(64, np.uint8)
    compile_kernels(SOURCE).modes(0, 0)(
        "convolve_bytes", copied(x), copied(weights), out, 32, scale
    )
    sums = np.einsum("xcpi,cio->xpo", x.astype(int), weights.astype(int))
    expected = np.clip((sums + (1 << (scale - 1))) >> scale, 0, 255)
    assert out.tolist() == expected.ravel().tolist()


def test_native_vectors_behind_pointers(compile_kernels):
    x, out = copied(np.linspace(-4, 4, 64).astype(BFLOAT16)), aligned(64, BFLOAT16)
    compile_kernels(SOURCE)("rectify", x, out)
    assert out.tolist() == np.maximum(x, BFLOAT16(0)).tolist()
    pixels, copy = copied(np.arange(128, dtype=np.uint8)), aligned(128, np.uint8)
    compile_kernels(SOURCE)("copy_bytes", pixels, copy, 2, 64)
    assert copy.tolist() == pixels.tolist()


def test_softmax_with_tables(compile_kernels):
    x, out = copied(np.linspace(-4, 0, 64).astype(BFLOAT16)), aligned(64, BFLOAT16)
    compile_kernels(SOURCE).modes(0)("normalise", x, out)
    powers = np.exp(x.astype(np.float64))
    np.testing.assert_allclose(out.astype(np.float64), powers / powers.sum(), rtol=0.03)


@given(seed=st.integers(0, 2**32 - 1))
def test_reduction_by_shifted_bytes(compile_kernels, seed):
    x = copied(np.random.default_rng(seed).integers(-(2**31), 2**31, 64).astype(np.int32))
    out = aligned(2, np.int32)
    compile_kernels(SOURCE)("largest", x, out, 64)
    assert out.tolist() == [x.max(), x.max()]


@given(seed=st.integers(0, 2**32 - 1))
def test_weighted_sum_of_planes(compile_kernels, seed):
    planes = np.random.default_rng(seed).integers(0, 256, (3, 32)).astype(np.uint8)
    weights = copied(np.array([77, 150, 29] + [0] * 13, np.int16))
    out = aligned(32, np.uint8)
    compile_kernels(SOURCE).modes(0, 0)("grey", copied(planes), out, weights)
    exact = (planes.astype(int) * np.array([[77], [150], [29]])).sum(0) >> 8
    assert out.tolist() == exact.tolist()


def test_scalar_bfloat16(compile_kernels):
    values = copied(np.array([0, -3, 2.5, -7, 0, 8], BFLOAT16))
    compile_kernels(SOURCE).modes(0)("limits", values)
    assert values.tolist() == [2.5, -3, 2.5, -7, (-3 + 2.5 - 7) * 2 - 3, 9]
