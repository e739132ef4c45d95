// SYMBOL: y[i] = nibble[i] * scale[i / GROUP]; four-bit weights become bf16.
//
// x         [ELEMENTS / 2 + 2 * ELEMENTS / GROUP] bytes: unsigned nibbles, low one first, then the
//           bf16 scale of each group. 32-byte aligned.
// y         [ELEMENTS] bf16, not overlapping.
// sizes     ELEMENTS a multiple of GROUP, GROUP of 32.
// numerics  the product is exact in fp32 and rounded once to nearest even. Sets crRnd.
// contract  ironbird/iron/kernels/movement.py: expand
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const uint8_t *__restrict x, bfloat16 *__restrict y) {
  static_assert(ELEMENTS % GROUP == 0 && GROUP % 32 == 0, "ELEMENTS is not whole groups");
  const bfloat16 *scales = reinterpret_cast<const bfloat16 *>(x + ELEMENTS / 2);
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  for (int32_t group = 0; group < ELEMENTS / GROUP; ++group) {
    const float scale = scales[group];
    AIE_PREPARE_FOR_PIPELINING
    for (int32_t i = group * GROUP; i < (group + 1) * GROUP; i += 2) {
      const uint8_t pair = x[i / 2];
      y[i] = bfloat16(float(pair & 15) * scale);
      y[i + 1] = bfloat16(float(pair >> 4) * scale);
    }
  }
  event1();
}
