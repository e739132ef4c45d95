// What other generations of the chip have and AIE2 has not, and what is not modelled: refused by
// name.
#pragma once

#include "elementary.hpp"

namespace aie {

template <class T, unsigned N>
class block_vector {
  static_assert(detail::never<T>, "aie::block_vector (block floating point) needs XDNA2 (aie2p)");
};
template <class T, unsigned N>
class sparse_vector {
  static_assert(detail::never<T>, "aie::sparse_vector is not modelled; use dense vectors");
};

template <class... Arguments>
auto sliding_mul_sym(const Arguments &...) {
  static_assert(detail::never<Arguments...>,
                "aie::sliding_mul_sym exists on AIE1 only; use aie::sliding_mul");
}

#define AIE_HOST_NO_FFT(name)                                                     \
  template <class... Arguments>                                                   \
  auto name(const Arguments &...) {                                               \
    static_assert(detail::never<Arguments...>,                                    \
                  #name " is not modelled: its rounding on the chip is unknown"); \
  }
AIE_HOST_NO_FFT(fft_dit_r2_stage)
AIE_HOST_NO_FFT(fft_dit_r3_stage)
AIE_HOST_NO_FFT(fft_dit_r4_stage)
AIE_HOST_NO_FFT(fft_dit_r5_stage)
#undef AIE_HOST_NO_FFT

}  // namespace aie
