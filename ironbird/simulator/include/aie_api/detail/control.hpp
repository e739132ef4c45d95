// crRnd and crSat: the two control registers that conversions obey, and their names.
//
// They belong to the core, boot as floor and none, and keep their values from one kernel call to
// the next (hardware reference: AM020 ch4; mlir-aie PR 3587).
#pragma once

#include "count.hpp"

namespace aie {

enum class rounding_mode : int32_t {
  floor = 0,
  ceil = 1,
  symmetric_floor = 2,
  symmetric_ceil = 3,
  negative_inf = 8,
  positive_inf = 9,
  symmetric_zero = 10,
  symmetric_inf = 11,
  conv_even = 12,
  conv_odd = 13,
};

enum class saturation_mode : int32_t {
  none = 0,
  saturate = 1,
  truncate = 1,
  symmetric = 3,
};

AIE_HOST_INLINE rounding_mode get_rounding() {
  return static_cast<rounding_mode>(ironbird::current_core->rounding);
}
AIE_HOST_INLINE void set_rounding(rounding_mode mode) {
  detail::count_scalar(1);
  ironbird::current_core->rounding = static_cast<int32_t>(mode);
}
AIE_HOST_INLINE rounding_mode swap_rounding(rounding_mode mode) {
  const rounding_mode before = get_rounding();
  set_rounding(mode);
  return before;
}

AIE_HOST_INLINE saturation_mode get_saturation() {
  return static_cast<saturation_mode>(ironbird::current_core->saturation);
}
AIE_HOST_INLINE void set_saturation(saturation_mode mode) {
  detail::count_scalar(1);
  ironbird::current_core->saturation = static_cast<int32_t>(mode);
}
AIE_HOST_INLINE saturation_mode swap_saturation(saturation_mode mode) {
  const saturation_mode before = get_saturation();
  set_saturation(mode);
  return before;
}

}  // namespace aie

inline constexpr int32_t rnd_floor = 0;
inline constexpr int32_t rnd_ceil = 1;
inline constexpr int32_t rnd_sym_floor = 2;
inline constexpr int32_t rnd_sym_ceil = 3;
inline constexpr int32_t rnd_neg_inf = 8;
inline constexpr int32_t rnd_pos_inf = 9;
inline constexpr int32_t rnd_sym_zero = 10;
inline constexpr int32_t rnd_sym_inf = 11;
inline constexpr int32_t rnd_conv_even = 12;
inline constexpr int32_t rnd_conv_odd = 13;

AIE_HOST_INLINE void set_rnd(int32_t mode) {
  if (mode < 0 || mode > 13 || (mode > 3 && mode < 8))
    aie::detail::complain("set_rnd: the mode is reserved; crRnd takes 0-3 and 8-13");
  aie::set_rounding(static_cast<aie::rounding_mode>(mode));
}
AIE_HOST_INLINE int32_t get_rnd() { return ironbird::current_core->rounding; }

AIE_HOST_INLINE void set_satmode(int32_t mode) {
  aie::set_saturation(static_cast<aie::saturation_mode>(mode));
}
AIE_HOST_INLINE int32_t get_satmode() { return ironbird::current_core->saturation; }
AIE_HOST_INLINE void set_sat() { set_satmode(1); }
AIE_HOST_INLINE void clr_sat() { set_satmode(0); }
AIE_HOST_INLINE void set_symsat() { set_satmode(3); }
AIE_HOST_INLINE int32_t get_sat() { return ironbird::current_core->saturation; }
