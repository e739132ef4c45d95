// The exponential of attention, on 16 bf16 lanes; softmax has a finer one (power_of_e.hpp).
//
// getExpBf16 looks e^x up in two tables. It wraps outside [-128, 128), and its index is rounded by
// crRnd: it is right in floor mode only (mlir-aie aie_runtime_lib/AIE2/lut_based_ops.h). So
// arguments are raised to `smallest_exponent` while they are made, and `exponential` is called in
// floor mode.
#pragma once

#include <lut_based_ops.h>

#include <aie_api/aie.hpp>

constexpr unsigned exponential_lanes = 16;

// e^-80 = 1.8e-35 weighs nothing beside e^0, and stays far from the table's wrap at -128.
constexpr float smallest_exponent = -80.0f;

using ExponentVector = aie::vector<bfloat16, exponential_lanes>;

// x where it is above the smallest exponent. Needs no rounding mode.
inline ExponentVector raised_to_smallest_exponent(ExponentVector x) {
  const bfloat16 smallest = smallest_exponent;
  return aie::max(x, aie::broadcast<bfloat16, exponential_lanes>(smallest));
}

// e^x for x in [smallest_exponent, 88), rounded down to bf16. Needs crRnd = floor.
inline ExponentVector exponential(ExponentVector x) {
  const aie::accum<accfloat, exponential_lanes> power = getExpBf16(x);
  return power.to_vector<bfloat16>();
}
