// A few rows times a matrix of weights, both int8 with scales, in two steps:
//
//   mv_i8_i32         sums += X * W' in native blocks (mv.hpp), for each piece of K
//   mv_scale_i32_f32  y = sums * (scale of the row of X) * (scale of the output), after the last
//
// weights   a packed tile: [DIM_N x DIM_K] int8 in blocks of 4x8, then DIM_N scales as float.
// x         a packed tile: [DIM_M x DIM_K] int8 in blocks of 8x8, then DIM_M scales as float.
// sums, y   [DIM_N x DIM_M] int32 and float in blocks of 4x8: transposed.
// All arrays are 32-byte aligned and do not overlap. Scales travel with what they scale because a
// core has two input channels; every piece of K carries them, 4 bytes beside each DIM_K.
// sizes     DIM_N a multiple of 16, DIM_K of 8, DIM_M 8 or 16.
// exact     sums are bit-equal to the reference; int32 cannot overflow below a depth of 2^17.
// domain    scales finite, from 1e-12 to 1e12.
// numerics  y: one rounding to fp32, then two products of emulated fp32. Sets crRnd: floor, for
//           which the emulation is made.
// contract  aie_kernels/contracts.py: MV_I8_I32, MV_SCALE_I32_F32
#include "mv.hpp"

namespace {

using IntegerBlock = aie::mmul<4, 8, 8, int8, int8>;
constexpr unsigned lanes = IntegerBlock::size_C;

// Lane 8 * output + row holds the scale of the output.
inline aie::vector<float, lanes> scales_of_outputs(const float *scales) {
  aie::vector<float, lanes> result;
  AIE_LOOP_UNROLL_FULL
  for (unsigned output = 0; output < IntegerBlock::M; ++output)
    result.insert(output, aie::broadcast<float, IntegerBlock::N>(scales[output]));
  return result;
}

}  // namespace

extern "C" void mv_i8_i32(const int8_t *weights, const int8_t *x, int32_t *sums) {
  event0();
  // At most 4 x 2 accumulators of 1024 bits: 8 of the core's 9.
  multiply_rows<IntegerBlock>(weights, x, sums);
  event1();
}

extern "C" void mv_scale_i32_f32(const int32_t *sums, const int8_t *weights, const int8_t *x,
                                 float *y) {
  event0();
  aie::set_rounding(aie::rounding_mode::floor);
  const float *weight_scales = reinterpret_cast<const float *>(weights + DIM_N * DIM_K);
  const float *row_scales = reinterpret_cast<const float *>(x + DIM_M * DIM_K);
  constexpr unsigned rows = IntegerBlock::N;
  for (unsigned row = 0; row < DIM_M; row += rows) {
    const aie::vector<float, lanes> of_rows =
        aie::load_v<rows>(row_scales + row).template grow_replicate<lanes>();
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(4)
    for (unsigned output = 0; output < DIM_N; output += IntegerBlock::M) {
      const unsigned first = output * DIM_M + row * IntegerBlock::M;
      const aie::vector<float, lanes> sum = aie::to_float(aie::load_v<lanes>(sums + first));
      const aie::vector<float, lanes> of_x = aie::mul(sum, of_rows).template to_vector<float>();
      const auto scaled = aie::mul(of_x, scales_of_outputs(weight_scales + output));
      aie::store_v(y + first, scaled.template to_vector<float>());
    }
  }
  event1();
}
