// SYMBOL: one row of a 1x1 convolution, requantised: y = saturate(round(sum of x * weight, scale)).
//
// x         [IN_CHANNELS / 8][WIDTH][8] of TYPE. y [OUT_CHANNELS / 8][WIDTH][8] of TYPE_OUT.
// weights   [OUT_CHANNELS / 8][IN_CHANNELS / 8][8 in][8 out] int8.
// scale     right shift, 0 to 31; rounds half up. y is held to the range of TYPE_OUT.
// sizes     IN_CHANNELS and OUT_CHANNELS multiples of 8, WIDTH of 4.
// exact     bit-equal to the reference. Sets crRnd and crSat.
// contract  ironbird/iron/kernels/convolution.py: conv2dk1, conv2dk1_i8
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const TYPE *__restrict x, const int8_t *__restrict weights,
                       TYPE_OUT *__restrict y, int32_t scale) {
  using Block = aie::mmul<4, 8, 8, TYPE, int8_t>;
  static_assert(IN_CHANNELS % 8 == 0 && OUT_CHANNELS % 8 == 0 && WIDTH % 4 == 0,
                "sizes are not whole blocks");
  event0();
  aie::set_rounding(aie::rounding_mode::positive_inf);
  aie::set_saturation(aie::saturation_mode::saturate);
  for (int32_t out = 0; out < OUT_CHANNELS / 8; ++out)
    for (int32_t column = 0; column < WIDTH; column += 4) {
      Block sum;
      sum = aie::zeros<acc32, Block::size_C>();
      AIE_PREPARE_FOR_PIPELINING
      AIE_LOOP_MIN_ITERATION_COUNT(1)
      for (int32_t in = 0; in < IN_CHANNELS / 8; ++in)
        sum.mac(aie::load_v<Block::size_A>(x + (in * WIDTH + column) * 8),
                aie::load_v<Block::size_B>(weights + (out * (IN_CHANNELS / 8) + in) * 64));
      aie::store_v(y + (out * WIDTH + column) * 8, sum.template to_vector<TYPE_OUT>(scale));
    }
  event1();
}
