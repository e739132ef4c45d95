// SYMBOL: one core's share of C = sum of A_i * B_i over a row of cores joined by the cascade.
//   ROLE=put      sends A * B on.
//   ROLE=get_put  adds A * B to what comes in, and sends that on.
//   ROLE=get      C += A * B + what comes in.
//
// a, b, c   [DIM_M][DIM_K], [DIM_K][DIM_N], [DIM_M][DIM_N] row-major. Only ROLE=get takes c; the
//           others have SENDS=1.
// cascade   one 512-bit word for each element of C, its value in lane 0.
// exact     modulo 2^32.
// contract  ironbird/iron/kernels/matrix.py: cascade_mm, cascade_mm_put
#include <aie_api/aie.hpp>

namespace {

struct put {
  static constexpr bool takes = false, sends = true;
};
struct get_put {
  static constexpr bool takes = true, sends = true;
};
struct get {
  static constexpr bool takes = true, sends = false;
};

template <typename Role>
inline void multiply(const TYPE *__restrict a, const TYPE *__restrict b,
                     [[maybe_unused]] TYPE_OUT *__restrict c) {
  for (int32_t row = 0; row < DIM_M; ++row)
    for (int32_t column = 0; column < DIM_N; ++column) {
      uint32_t sum = 0;
      for (int32_t k = 0; k < DIM_K; ++k)
        sum += static_cast<uint32_t>(a[row * DIM_K + k] * b[k * DIM_N + column]);
      if constexpr (Role::takes) sum += static_cast<uint32_t>(ext_elem(get_scd_v16int32(), 0));
      if constexpr (Role::sends) {
        put_mcd(upd_elem(broadcast_to_v16int32(0), 0, static_cast<int32_t>(sum)));
      } else {
        TYPE_OUT &target = c[row * DIM_N + column];
        target = static_cast<TYPE_OUT>(static_cast<uint32_t>(target) + sum);
      }
    }
}

}  // namespace

#if SENDS
extern "C" void SYMBOL(const TYPE *a, const TYPE *b) {
  event0();
  multiply<ROLE>(a, b, static_cast<TYPE_OUT *>(nullptr));
  event1();
}
#else
extern "C" void SYMBOL(const TYPE *a, const TYPE *b, TYPE_OUT *c) {
  event0();
  multiply<ROLE>(a, b, c);
  event1();
}
#endif
