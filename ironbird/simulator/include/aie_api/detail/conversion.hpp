// Shift-round-saturate, upshift, pack, unpack and fp32 <-> bf16 between lanes of vectors and
// accumulators.
//
//   UPS:  acc = saturate(v << shift)             wraps in saturation mode none
//   SRS:  v   = saturate(round(acc / 2^shift))   exact, by crRnd and crSat
#pragma once

#include "native.hpp"

namespace aie::detail {

[[gnu::cold, gnu::noinline]] inline void complain_of_shift(int shift) {
  char text[128];
  snprintf(text, sizeof text,
           "to_vector / srs with shift %d; the chip is right for -1 to 59 (a 6-bit register)",
           shift);
  complain(text);
}

// v << shift, kept in low..high; without a limit it wraps.
AIE_HOST_INLINE int64_t shift_up(int64_t v, int shift, Saturation limit) {
  const uint64_t lowest = 0 - static_cast<uint64_t>(limit.low);
  if (v > (limit.high >> shift)) return limit.high;
  if (v < -static_cast<int64_t>(lowest >> shift)) return limit.low;
  return static_cast<int64_t>(static_cast<uint64_t>(v) << shift);
}

template <class To, unsigned N, class From>
AIE_HOST_INLINE void srs_real(lanes<To, N> &out, const lanes<From, N> &acc, int shift,
                              bool is_signed) {
  const ironbird::CoreState &core = *ironbird::current_core;
  const Saturation limit = Saturation::of(core.saturation, element<To>::bits, is_signed);
  const ShiftRounding rounding = ShiftRounding::of(core.rounding, shift);
  if constexpr (sizeof(From) == 4) {
    if (shift >= 0 && shift <= 30) {
      constexpr int64_t least = std::numeric_limits<int32_t>::min();
      constexpr int64_t most = std::numeric_limits<int32_t>::max();
      const int32_t low = static_cast<int32_t>(limit.low < least ? least : limit.low);
      const int32_t high = static_cast<int32_t>(limit.high > most ? most : limit.high);
      for (unsigned i = 0; i < N; ++i) {
        const int32_t y = rounding.apply<int32_t>(acc.get(i), shift);
        out.set(i, static_cast<To>(y < low ? low : y > high ? high : y));
      }
      return;
    }
  }
  if (shift < 0) {
    const bool clamps = core.saturation != 0;
    for (unsigned i = 0; i < N; ++i) {
      const int64_t x = acc.get(i);
      out.set(i,
              static_cast<To>(clamps ? shift_up(x, -shift, limit)
                                     : static_cast<int64_t>(static_cast<uint64_t>(x) << -shift)));
    }
    return;
  }
  for (unsigned i = 0; i < N; ++i)
    out.set(i, static_cast<To>(limit.apply(rounding.apply<int64_t>(acc.get(i), shift))));
}

template <class To, unsigned N, class Part>
AIE_HOST_INLINE void srs_complex(lanes<To, N> &out, const lanes<complex_pair<Part>, N> &acc,
                                 int shift) {
  using Target = typename element<To>::part;
  lanes<Part, N> from;
  lanes<Target, N> real, imag;
  by_lanes(from, [&](unsigned i) { return acc.get(i).real; });
  srs_real(real, from, shift, true);
  by_lanes(from, [&](unsigned i) { return acc.get(i).imag; });
  srs_real(imag, from, shift, true);
  by_lanes(out, [&](unsigned i) { return To{real.get(i), imag.get(i)}; });
}

// Accumulator lanes to vector lanes, any pair that the chip has.
template <class To, unsigned N, class From>
AIE_HOST_INLINE void srs(lanes<To, N> &out, const lanes<From, N> &acc, int shift, bool is_signed) {
  constexpr bool from_float = element<From>::is_floating, to_float = element<To>::is_floating;
  static_assert(from_float == to_float,
                "to_vector: a float accumulator gives bfloat16 or float, an integer one gives "
                "integers; use aie::to_fixed / aie::to_float to cross");
  static_assert(element<From>::is_complex == element<To>::is_complex,
                "to_vector: complex accumulators give complex vectors, real ones real vectors");
  if constexpr (from_float && element<From>::is_complex) {
    using Part = typename element<To>::part;
    by_lanes(out, [&](unsigned i) { return To{Part(acc.get(i).real), Part(acc.get(i).imag)}; });
  } else if constexpr (from_float) {
    by_groups(out, [&](unsigned g) { return acc.group(g); });
  } else {
    if (shift < -1 || shift > 59) complain_of_shift(shift);
    if constexpr (element<From>::is_complex)
      srs_complex(out, acc, shift);
    else
      srs_real(out, acc, shift, is_signed);
  }
}

template <class Part>
AIE_HOST_INLINE Part ups_part(int64_t v, int shift, Saturation limit, bool clamps) {
  return static_cast<Part>(clamps ? shift_up(v, shift, limit)
                                  : static_cast<int64_t>(static_cast<uint64_t>(v) << shift));
}

// Vector lanes to accumulator lanes. `is_signed` says how the bits of an integer vector are read.
template <class To, unsigned N, class From>
AIE_HOST_INLINE void ups(lanes<To, N> &out, const lanes<From, N> &v, int shift, bool is_signed) {
  static_assert(element<From>::is_floating == element<To>::is_floating &&
                    element<From>::is_complex == element<To>::is_complex,
                "from_vector: integer vectors go to integer accumulators, bfloat16 and float to "
                "accfloat, complex to complex");
  if constexpr (element<To>::is_complex) {
    using Part = typename element<To>::part;
    if constexpr (element<To>::is_floating) {
      by_lanes(out, [&](unsigned i) { return To{float(v.get(i).real), float(v.get(i).imag)}; });
    } else {
      const int32_t mode = ironbird::current_core->saturation;
      const Saturation limit = Saturation::of(mode == 0 ? 0 : mode, 64, true);
      by_lanes(out, [&](unsigned i) {
        return To{ups_part<Part>(v.get(i).real, shift, limit, mode != 0),
                  ups_part<Part>(v.get(i).imag, shift, limit, mode != 0)};
      });
    }
  } else if constexpr (element<To>::is_floating) {
    if (shift != 0) complain("from_vector of a float vector with a shift; it must be 0");
    by_groups(out, [&](unsigned g) { return v.group(g); });
  } else {
    using Bits = std::conditional_t<is_nibble<From>, uint8_t, From>;
    using Unsigned = std::make_unsigned_t<Bits>;
    using Signed = std::make_signed_t<Bits>;
    const int32_t mode = ironbird::current_core->saturation;
    if (shift == 0 || mode == 0) {
      by_lanes(out, [&](unsigned i) {
        const Bits x = static_cast<Bits>(v.get(i));
        const int64_t wide = is_signed ? int64_t(Signed(x)) : int64_t(Unsigned(x));
        return static_cast<To>(static_cast<uint64_t>(wide) << shift);
      });
      return;
    }
    const Saturation limit = Saturation::of(mode, element<To>::bits, true);
    by_lanes(out, [&](unsigned i) {
      const Bits x = static_cast<Bits>(v.get(i));
      return static_cast<To>(
          shift_up(is_signed ? int64_t(Signed(x)) : int64_t(Unsigned(x)), shift, limit));
    });
  }
}

// Integer narrowing without rounding: saturate to `To`, keep the low bits.
template <class To, unsigned N, class From>
AIE_HOST_INLINE void pack(lanes<To, N> &out, const lanes<From, N> &v, bool is_signed) {
  const Saturation limit =
      Saturation::of(ironbird::current_core->saturation, element<To>::bits, is_signed);
  by_lanes(out, [&](unsigned i) {
    return static_cast<To>(limit.apply(static_cast<int64_t>(v.get(i))));
  });
}

// Integer widening; sign-extends iff `is_signed`.
template <class To, unsigned N, class From>
AIE_HOST_INLINE void unpack(lanes<To, N> &out, const lanes<From, N> &v, bool is_signed) {
  if constexpr (is_nibble<From>) {
    by_lanes(out, [&](unsigned i) {
      const int low = int(v.get(i)) & 15;
      return static_cast<To>(is_signed && low >= 8 ? low - 16 : low);
    });
  } else {
    using Signed = std::make_signed_t<From>;
    using Unsigned = std::make_unsigned_t<From>;
    by_lanes(out, [&](unsigned i) {
      return is_signed ? static_cast<To>(Signed(v.get(i))) : static_cast<To>(Unsigned(v.get(i)));
    });
  }
}

}  // namespace aie::detail
