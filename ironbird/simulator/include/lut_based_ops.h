// getExpBf16, getTanhBf16 and getInvBf16 of mlir-aie's aie_runtime_lib/AIE2, header only.
#pragma once

#include <aie_api/aie.hpp>
#include <aie_api/detail/lut_tables.hpp>

inline constexpr const int16_t *exp_ilut_ab = aie::detail::exp_integer_table.entry;
inline constexpr const int16_t *exp_ilut_cd = aie::detail::exp_integer_table.entry;
inline constexpr const int16_t *exp_flut_ab = aie::detail::exp_fraction_table.entry;
inline constexpr const int16_t *exp_flut_cd = aie::detail::exp_fraction_table.entry;
inline constexpr const float *tanh_lut_ab = aie::detail::tanh_table.entry;
inline constexpr const float *tanh_lut_cd = aie::detail::tanh_table.entry;
inline constexpr const unsigned char *m_inv_lut = aie::detail::inverse_table.entry;

// e^x as integer part times fraction part: q = floor(256 x) in 16 bits, which wraps below -128 and
// from 128 on, so clamp first. The two indices are taken as bits of q whatever crRnd says (unknown
// on silicon for modes other than floor).
inline v16accfloat getExpBf16(v16bfloat16 x) {
  aie::detail::count_gathers(32);
  aie::detail::count_alu(2);
  aie::detail::count_mac_float(1);
  aie::detail::count_move(5);
  aie::detail::count_convert(4);
  aie::detail::lanes<bfloat16, 16> whole, fraction;
  aie::detail::lanes<uint16_t, 16> q;
  aie::detail::by_lanes(q, [&](unsigned i) {
    return static_cast<uint16_t>(aie::detail::floor_to_int(float(x.lane.get(i)), 8));
  });
  aie::detail::by_lanes(whole, [&](unsigned i) {
    return aie::detail::read_as<bfloat16>(
        aie::detail::entry_address(exp_ilut_ab, exp_ilut_cd, i, q.get(i) >> 8, 2));
  });
  aie::detail::by_lanes(fraction, [&](unsigned i) {
    return aie::detail::read_as<bfloat16>(
        aie::detail::entry_address(exp_flut_ab, exp_flut_cd, i, q.get(i) & 255, 2));
  });
  v16accfloat product;
  aie::detail::product_sum<aie::detail::Term::add>(product.lane, whole, fraction, false);
  return product;
}

// 1 / x of a positive x from the upper mantissa bits; nonsense for x <= 0, infinities and NaN.
inline bfloat16 getInvBf16(float x) {
  aie::detail::count_scalar(8);
  const uint32_t bits = std::bit_cast<uint32_t>(x) + 0x8000;
  const uint32_t exponent = (bits >> 23) & 0xFF, mantissa = (bits >> 16) & 0x7F;
  const uint32_t inverse = ((253 - exponent + (mantissa == 0)) << 7) + m_inv_lut[mantissa];
  return bfloat16::from_bits(static_cast<uint16_t>(inverse));
}

// Piecewise linear in quarters; exactly -1 below -3.75, exactly 1 from 3.75 on.
inline v16bfloat16 getTanhBf16(v16bfloat16 x) {
  const aie::lut<4, float, bfloat16> table(32, tanh_lut_ab, tanh_lut_cd);
  const aie::linear_approx<bfloat16, aie::lut<4, float, bfloat16>> approx(table, -2, 16);
  return approx.compute(aie::vector<bfloat16, 16>(x)).to_vector<bfloat16>();
}
