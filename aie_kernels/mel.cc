// From samples to Whisper's log-mel features, frequencies part by part:
//
//   mel_accumulate_i16_f32  mels = F |W x|^2, or mels += F |W x|^2, over eight of 201 frequencies,
//                           for every frame x of 400 samples; W is the windowed transform, F the
//                           mel filters
//   mel_finish_f32          mels = max((log10(mels 2^-46) + 4) / 4, least)
//   mel_finish_f32_i8       y = the same in steps, to nearest even, saturated
//
// samples        frame_count frames of 400 int16, frame_stride samples apart, 32-byte aligned.
// table          one part of aie_kernels/mel_tables.py, 32-byte aligned: blocks of W for
// frequencies
//                k..k+3; `least`, and what 1 is in steps; F for them and for their mirrors.
// mels           [frame_count x mel_count] fp32 in blocks of 4x4, 32-byte aligned. Powers of steps
//                of int16 / 256, times 2^-46 those of samples in [-1, 1).
// y              as many int8, 32-byte aligned, elements where those of mels are.
// starts         1 for the first part, 0 for those that are added.
// frame_count    a positive multiple of 4; mel_count too, at least 8; frame_stride of 8 (16 bytes).
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// mirrors        even samples sum up to E, odd ones to O: frequency k is E + O and 200-k the
//                conjugate of E - O, so every product serves two frequencies.
// domain         finite mels, which sums of powers are; from others come some finite features.
// numerics       W x is exact in int16 x 24 bits, rounded to 2^-14 of a sample and then to 2^-8.
//                Squares, F and logarithms in pairs of bf16, 16 bits together (bf16_pair.hpp), sums
//                in fp32. Sets crRnd: nearest even; and crSat: none.
// contract       aie_kernels/contracts.py: MEL_ACCUMULATE_I16_F32, MEL_FINISH_F32 and its sibling
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "logarithm.hpp"

namespace {

constexpr unsigned frame_samples = 400;
constexpr unsigned block_frames = 4;
constexpr unsigned block_samples = 4;
constexpr unsigned samples_at_once = 2 * block_samples;  // even and odd
constexpr unsigned steps = frame_samples / samples_at_once;

// W is upper * 2^8 + lower, in 22 bits after the point.
using Upper = aie::mmul<block_frames, block_samples, 4, int16, int16>;
using Lower = aie::mmul<block_frames, block_samples, 8, int16, int8>;
using Mels = aie::mmul<block_frames, 8, 4, bfloat16, bfloat16>;
using Sums = aie::accum<acc64, Upper::size_C>;
using Samples = aie::vector<int16, Upper::size_A>;

constexpr int lower_bits = 8;
constexpr int dropped_bits = 6;

// Bytes of a part of the table: for each step two blocks of Upper for even samples, two for odd
// ones, and a block of Lower for each.
constexpr unsigned upper_bytes = Upper::size_B * sizeof(int16);
constexpr unsigned lower_bytes = Lower::size_B;
constexpr unsigned step_bytes = 4 * upper_bytes + 2 * lower_bytes;
constexpr unsigned parameters_at = steps * step_bytes;
constexpr unsigned parameter_bytes = 32;
constexpr unsigned filters_at = parameters_at + parameter_bytes;

struct Transform {
  Sums real, imaginary;
};

// The transform of the even or the odd samples, while it is summed up.
struct TransformSum {
  Upper real, imaginary;
  Lower lower;  // columns 0..3 real, 4..7 imaginary

  inline void add(const Samples &samples, const int8_t *__restrict upper,
                  const int8_t *__restrict lower_block) {
    const int16 *blocks = reinterpret_cast<const int16 *>(upper);
    real.mac(samples, aie::load_v<Upper::size_B>(blocks));
    imaginary.mac(samples, aie::load_v<Upper::size_B>(blocks + Upper::size_B));
    lower.mac(samples, aie::load_v<Lower::size_B>(lower_block));
  }

  inline Transform result() const {
    const auto both = lower.template to_vector<int32>(lower_bits);
    const auto [real_part, imaginary_part] = aie::interleave_unzip(
        both.template extract<Upper::size_C>(0), both.template extract<Upper::size_C>(1), 4);
    return {aie::add(real.to_accum(), real_part), aie::add(imaginary.to_accum(), imaginary_part)};
  }
};

// Eight consecutive samples of four frames.
inline aie::vector<int16, 32> samples_at(const int16_t *__restrict first, int32_t frame_stride) {
  return aie::concat(aie::load_v<samples_at_once>(first),
                     aie::load_v<samples_at_once>(first + frame_stride),
                     aie::load_v<samples_at_once>(first + 2 * frame_stride),
                     aie::load_v<samples_at_once>(first + 3 * frame_stride));
}

inline PairAccumulator square(const Sums &number) {
  const Pair part(PairAccumulator(aie::to_float(number.template to_vector<int32>(dropped_bits))));
  return product(part, part);
}

inline Pair power(const Sums &real, const Sums &imaginary) {
  return Pair(aie::add(square(real), square(imaginary)));
}

// Rows of 4 frequencies and rows of their 4 mirrors as rows of 8.
inline aie::vector<bfloat16, Mels::size_A> beside(const PairVector &frequencies,
                                                  const PairVector &mirrors) {
  const auto [first, second] = aie::interleave_zip(frequencies, mirrors, 4);
  return aie::concat(first, second);
}

inline void add_filtered(const Pair &frequencies, const Pair &mirrors,
                         const bfloat16 *__restrict filters, float *__restrict mels, bool starts,
                         int32_t mel_count) {
  const auto upper = beside(frequencies.upper, mirrors.upper);
  const auto lower = beside(frequencies.lower, mirrors.lower);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t mel = 0; mel < mel_count; mel += Mels::N) {
    const auto filter = aie::load_v<Mels::size_B>(filters + 2 * mel * Mels::K);
    const auto filter_rest = aie::load_v<Mels::size_B>(filters + (2 * mel + Mels::N) * Mels::K);
    const typename Mels::accum_type before(aie::load_v<Mels::size_C>(mels + mel * block_frames));
    Mels sums(aie::op_zero(before, starts));
    sums.mac(upper, filter);
    sums.mac(upper, filter_rest);
    sums.mac(lower, filter);
    aie::store_v(mels + mel * block_frames, sums.template to_vector<float>());
  }
}

constexpr float log2_of_power_one = 46.0f;
constexpr float features_per_octave = 0.0752574989f;  // log10(2) / 4
constexpr float feature_of_one = 1.0f;                // (log10(1) + 4) / 4

using Features = aie::vector<float, pair_lanes>;

struct Parameters {
  float least, steps_of_one;
};

inline Parameters parameters_of(const int8_t *table) {
  const float *parameters = reinterpret_cast<const float *>(table + parameters_at);
  return {parameters[0], parameters[1]};
}

inline Features features_of(const float *__restrict mels, const Features &least) {
  const PairAccumulator octaves =
      aie::sub(log2_of(aie::load_v<pair_lanes>(mels)), constant_in_every_lane(log2_of_power_one));
  const PairAccumulator features = aie::add(product(Pair(octaves), Pair(features_per_octave)),
                                            constant_in_every_lane(feature_of_one));
  return aie::max(features.to_vector<float>(), least);
}

}  // namespace

extern "C" void mel_accumulate_i16_f32(const int16_t *__restrict samples,
                                       const int8_t *__restrict table, float *__restrict mels,
                                       int32_t starts, int32_t frame_count, int32_t frame_stride,
                                       int32_t mel_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  aie::set_saturation(aie::saturation_mode::none);
  const bfloat16 *filters = reinterpret_cast<const bfloat16 *>(table + filters_at);
  for (int32_t frame = 0; frame < frame_count; frame += block_frames) {
    const int16_t *__restrict next = samples + frame * frame_stride;
    const int8_t *__restrict step = table;
    TransformSum even, odd;
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(2)
    for (unsigned i = 0; i < steps; ++i) {
      const auto both = samples_at(next, frame_stride);
      even.add(aie::filter_even(both), step, step + 4 * upper_bytes);
      odd.add(aie::filter_odd(both), step + 2 * upper_bytes, step + 4 * upper_bytes + lower_bytes);
      next += samples_at_once;
      step += step_bytes;
    }
    const Transform e = even.result(), o = odd.result();
    add_filtered(power(aie::add(e.real, o.real), aie::add(e.imaginary, o.imaginary)),
                 power(aie::sub(e.real, o.real), aie::sub(e.imaginary, o.imaginary)), filters,
                 mels + frame * mel_count, starts != 0, mel_count);
  }
  event1();
}

extern "C" void mel_finish_f32(float *__restrict mels, const int8_t *__restrict table,
                               int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const Features least = aie::broadcast<float, pair_lanes>(parameters_of(table).least);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += pair_lanes)
    aie::store_v(mels + first, features_of(mels + first, least));
  event1();
}

extern "C" void mel_finish_f32_i8(const float *__restrict mels, const int8_t *__restrict table,
                                  int8_t *__restrict y, int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const Parameters parameters = parameters_of(table);
  const Features least = aie::broadcast<float, pair_lanes>(parameters.least);
  const Pair steps_of_one(parameters.steps_of_one);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += pair_lanes) {
    const Pair features{PairAccumulator(features_of(mels + first, least))};
    const PairAccumulator steps = product(features, steps_of_one);
    aie::store_v(y + first, aie::to_fixed<int8_t>(steps.to_vector<float>()));
  }
  event1();
}
