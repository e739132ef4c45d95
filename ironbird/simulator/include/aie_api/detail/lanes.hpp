// Storage of vectors and accumulators: a plain array, or, in the frame build, nothing at all.
//
// The frame build is compiled only for its stack usage report. There a vector lives in no memory,
// as on the chip, where it lives in registers: lanes are read from and written to one volatile
// place, so the frame that remains is what the author's own arrays and locals need. An array of
// vectors counts a byte a vector: right where the chip's compiler keeps it in registers, too little
// where it is indexed at run time.
#pragma once

#include "float_step.hpp"

namespace aie::detail {

inline constexpr bool frame_build = IRONBIRD_FRAME;

constexpr unsigned storage_bytes(unsigned bits) { return (bits + 7) / 8; }
constexpr unsigned storage_alignment(unsigned bytes) {
  return bytes >= 32 ? 32 : bytes >= 16 ? 16 : std::bit_ceil(bytes);
}

// What undefined lanes hold: a NaN as bf16 and as float, -91 as int16.
inline constexpr uint16_t poison_pattern = 0xFFA5;

#if IRONBIRD_FRAME

extern "C" volatile unsigned char ironbird_frame_place[16];

template <class T>
AIE_HOST_INLINE T frame_value() {
  struct Raw {
    unsigned char byte[sizeof(T)];
  } raw;
  for (unsigned i = 0; i < sizeof(T); ++i) raw.byte[i] = ironbird_frame_place[i];
  return std::bit_cast<T>(raw);
}

template <class T, unsigned N>
struct lanes {
  using value_type = T;
  static constexpr unsigned lane_count = N;
  static constexpr unsigned stored_bytes = storage_bytes(N * element<T>::bits);

  AIE_HOST_INLINE T get(unsigned) const { return frame_value<T>(); }
  AIE_HOST_INLINE void set(unsigned, T value) {
    ironbird_frame_place[0] = reinterpret_cast<const unsigned char &>(value);
  }
  AIE_HOST_INLINE void poison() {}
  void *raw();
  const void *raw() const;
  f32x16 group(unsigned) const;
  void set_group(unsigned, f32x16);
  void set_group_exact(unsigned, f32x16);
};

#else

template <class T, unsigned N>
struct lanes {
  using value_type = T;
  static constexpr unsigned lane_count = N;
  static constexpr unsigned stored_bytes = storage_bytes(N * element<T>::bits);
  static constexpr bool packed = is_nibble<T>;
  using stored = std::conditional_t<packed, uint8_t, T>;

  alignas(storage_alignment(stored_bytes)) stored e[packed ? N / 2 : N];

  AIE_HOST_INLINE constexpr T get(unsigned i) const {
    if constexpr (packed)
      return T(e[i / 2] >> (4 * (i % 2)));
    else
      return e[i];
  }
  AIE_HOST_INLINE constexpr void set(unsigned i, T value) {
    if constexpr (packed)
      e[i / 2] = static_cast<uint8_t>((e[i / 2] & (0xF0 >> (4 * (i % 2)))) |
                                      (static_cast<uint8_t>(value.value & 15) << (4 * (i % 2))));
    else
      e[i] = value;
  }

  AIE_HOST_INLINE void *raw() { return e; }
  AIE_HOST_INLINE const void *raw() const { return e; }

  AIE_HOST_INLINE void poison() {
    if constexpr (stored_bytes % 64 == 0) {
      for (unsigned at = 0; at < stored_bytes; at += 64)
        store16((char *)e + at, splat(poison_pattern * 0x10001u));
    } else if constexpr (stored_bytes % 2 == 0) {
      for (unsigned at = 0; at < stored_bytes; at += 2)
        *(simd<uint16_t, 1> *)((char *)e + at) = simd<uint16_t, 1>{poison_pattern};
    }
  }

  // Sixteen lanes as fp32, short vectors padded with zeros. T is float or bfloat16.
  AIE_HOST_INLINE f32x16 group(unsigned g) const {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, bfloat16>);
    if constexpr (N < 16) {
      f32x16 padded{};
      for (unsigned i = 0; i < N; ++i) padded[i] = float(e[i]);
      return padded;
    } else if constexpr (std::is_same_v<T, float>) {
      return load16<f32x16>(e + 16 * g);
    } else {
      return widen16(*(const simd<uint16_t, 16> *)(e + 16 * g));
    }
  }

  // Writes sixteen lanes that are values of T already.
  AIE_HOST_INLINE void set_group_exact(unsigned g, f32x16 value) {
    if constexpr (std::is_same_v<T, float>) {
      set_group(g, value);
    } else if constexpr (N < 16) {
      for (unsigned i = 0; i < N; ++i)
        e[i] = bfloat16::from_bits(std::bit_cast<uint32_t>(value[i]) >> 16);
    } else {
      *(simd<uint16_t, 16> *)(e + 16 * g) = low_halves((u32x16)value >> 16);
    }
  }

  // Writes sixteen lanes; bfloat16 is narrowed by crRnd.
  AIE_HOST_INLINE void set_group(unsigned g, f32x16 value) {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, bfloat16>);
    if constexpr (N < 16) {
      if constexpr (std::is_same_v<T, float>) {
        for (unsigned i = 0; i < N; ++i) e[i] = value[i];
      } else {
        const u16x16 bits = narrow16(value);
        for (unsigned i = 0; i < N; ++i) e[i] = bfloat16::from_bits(bits[i]);
      }
    } else if constexpr (std::is_same_v<T, float>) {
      store16(e + 16 * g, value);
    } else {
      *(simd<uint16_t, 16> *)(e + 16 * g) = narrow16(value);
    }
  }
};

#endif

template <class T, unsigned N>
inline constexpr unsigned group_count = (N + 15) / 16;

// Writes each group of sixteen lanes of `out` with the fp32 result of `of_group(g)`.
template <class T, unsigned N, class F>
AIE_HOST_INLINE void by_groups(lanes<T, N> &out, [[maybe_unused]] F of_group) {
  if constexpr (frame_build) {
    for (unsigned i = 0; i < N; ++i) out.set(i, out.get(i));
  } else {
    for (unsigned g = 0; g < group_count<T, N>; ++g) out.set_group(g, of_group(g));
  }
}

// Writes each lane of `out` with `of_lane(i)`.
template <class T, unsigned N, class F>
AIE_HOST_INLINE void by_lanes(lanes<T, N> &out, F of_lane) {
  for (unsigned i = 0; i < N; ++i) out.set(i, of_lane(i));
}

// A copy in whole host vectors: g++ keeps those in registers, where memcpy would go through memory.
template <unsigned Bytes>
AIE_HOST_INLINE void copy_bytes(void *to, const void *from) {
  constexpr unsigned chunk = Bytes % 64 == 0 ? 64 : Bytes % 32 == 0 ? 32 : Bytes % 16 == 0 ? 16 : 0;
  if constexpr (chunk == 0)
    __builtin_memcpy(to, from, Bytes);
  else
    for (unsigned at = 0; at < Bytes; at += chunk)
      *(simd<uint8_t, chunk> *)((char *)to + at) =
          *(const simd<uint8_t, chunk> *)((const char *)from + at);
}

// Bytes moved between storage and memory; empty vectors of the frame build read one byte of it, so
// that the memory is seen to be used.
template <class T, unsigned N>
AIE_HOST_INLINE void copy_in(lanes<T, N> &to, const void *from) {
#if IRONBIRD_FRAME
  ironbird_frame_place[0] = *(const volatile unsigned char *)from;
  (void)to;
#else
  copy_bytes<lanes<T, N>::stored_bytes>(to.e, from);
#endif
}
template <class T, unsigned N>
AIE_HOST_INLINE void copy_out(void *to, const lanes<T, N> &from) {
#if IRONBIRD_FRAME
  *(volatile unsigned char *)to = ironbird_frame_place[0];
  (void)from;
#else
  copy_bytes<lanes<T, N>::stored_bytes>(to, from.e);
#endif
}

// The same bits as lanes of another type.
template <class U, unsigned M, class T, unsigned N>
AIE_HOST_INLINE void copy_bits(lanes<U, M> &to, const lanes<T, N> &from) {
  static_assert(N * element<T>::bits == M * element<U>::bits,
                "a cast between vectors keeps the number of bits");
#if IRONBIRD_FRAME
  to.set(0, to.get(0));
  (void)from;
#else
  copy_bytes<lanes<U, M>::stored_bytes>(to.e, from.e);
#endif
}

}  // namespace aie::detail
