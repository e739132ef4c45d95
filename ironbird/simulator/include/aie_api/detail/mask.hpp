// aie::mask<N>: one bit a lane.
#pragma once

#include <stdint.h>

#include <bit>
#include <type_traits>

#include "count.hpp"

namespace aie {

template <unsigned N>
class mask {
  static constexpr unsigned word_count = (N + 31) / 32;
  static constexpr uint32_t last_word = N % 32 == 0 ? 0xFFFFFFFFu : (1u << (N % 32)) - 1;

 public:
  static constexpr unsigned size() { return N; }

  AIE_HOST_INLINE explicit mask(bool initial = false) {
    for (unsigned w = 0; w < word_count; ++w) word_[w] = initial ? 0xFFFFFFFFu : 0;
    trim();
  }
  // Words of 32 lanes, lane 0 first.
  template <class... Words>
    requires(sizeof...(Words) >= 1 && (std::is_integral_v<Words> && ...) &&
             !(sizeof...(Words) == 1 && (std::is_same_v<Words, bool> && ...)))
  AIE_HOST_INLINE explicit mask(Words... words) : mask(false) {
    unsigned w = 0;
    ((word_[w++] = static_cast<uint32_t>(words)), ...);
    trim();
  }
  template <class... Words>
  static AIE_HOST_INLINE mask from_uint32(Words... words) {
    return mask(static_cast<uint32_t>(words)...);
  }
  template <class... Words>
  static AIE_HOST_INLINE mask from_uint64(Words... words) {
    mask made;
    unsigned w = 0;
    const auto put = [&](uint64_t word) {
      made.word_[w++] = static_cast<uint32_t>(word);
      if (w < word_count) made.word_[w++] = static_cast<uint32_t>(word >> 32);
    };
    (put(words), ...);
    made.trim();
    return made;
  }
  template <unsigned... Parts>
  static AIE_HOST_INLINE mask from_masks(const mask<Parts> &...parts) {
    static_assert((Parts + ...) == N, "mask::from_masks: the parts must have N lanes together");
    mask made;
    unsigned at = 0;
    const auto put = [&](const auto &part) {
      for (unsigned i = 0; i < part.size(); ++i) made.assign(at++, part.test(i));
    };
    (put(parts), ...);
    return made;
  }

  AIE_HOST_INLINE bool test(unsigned i) const { return (word_[i / 32] >> (i % 32)) & 1; }
  AIE_HOST_INLINE void set(unsigned i) { word_[i / 32] |= 1u << (i % 32); }
  AIE_HOST_INLINE void clear(unsigned i) { word_[i / 32] &= ~(1u << (i % 32)); }
  AIE_HOST_INLINE void assign(unsigned i, bool bit) { bit ? set(i) : clear(i); }

  AIE_HOST_INLINE mask operator&(const mask &other) const {
    return combine(other, [](auto a, auto b) { return a & b; });
  }
  AIE_HOST_INLINE mask operator|(const mask &other) const {
    return combine(other, [](auto a, auto b) { return a | b; });
  }
  AIE_HOST_INLINE mask operator^(const mask &other) const {
    return combine(other, [](auto a, auto b) { return a ^ b; });
  }
  AIE_HOST_INLINE mask operator~() const {
    return combine(*this, [](auto a, auto) { return ~a; });
  }
  AIE_HOST_INLINE mask operator<<(unsigned n) const {
    mask moved;
    for (unsigned i = n; i < N; ++i) moved.assign(i, test(i - n));
    return moved;
  }
  AIE_HOST_INLINE mask operator>>(unsigned n) const {
    mask moved;
    for (unsigned i = n; i < N; ++i) moved.assign(i - n, test(i));
    return moved;
  }
  AIE_HOST_INLINE mask &operator&=(const mask &other) { return *this = *this & other; }
  AIE_HOST_INLINE mask &operator|=(const mask &other) { return *this = *this | other; }
  AIE_HOST_INLINE mask &operator^=(const mask &other) { return *this = *this ^ other; }
  AIE_HOST_INLINE mask &operator<<=(unsigned n) { return *this = *this << n; }
  AIE_HOST_INLINE mask &operator>>=(unsigned n) { return *this = *this >> n; }
  friend bool operator==(const mask &a, const mask &b) {
    for (unsigned w = 0; w < word_count; ++w)
      if (a.word_[w] != b.word_[w]) return false;
    return true;
  }

  AIE_HOST_INLINE unsigned count() const {
    unsigned set_bits = 0;
    for (unsigned w = 0; w < word_count; ++w) set_bits += std::popcount(word_[w]);
    return set_bits;
  }
  AIE_HOST_INLINE bool empty() const { return count() == 0; }
  AIE_HOST_INLINE bool full() const { return count() == N; }
  // Lanes above the highest set one.
  AIE_HOST_INLINE unsigned clz() const {
    for (unsigned i = N; i > 0; --i)
      if (test(i - 1)) return N - i;
    return N;
  }

  template <unsigned M>
  AIE_HOST_INLINE mask<M> extract(unsigned at) const {
    mask<M> part;
    for (unsigned i = 0; i < M; ++i) part.assign(i, test(at * M + i));
    return part;
  }
  template <unsigned M>
  AIE_HOST_INLINE mask &insert(unsigned at, const mask<M> &part) {
    for (unsigned i = 0; i < M; ++i) assign(at * M + i, part.test(i));
    return *this;
  }
  template <unsigned M>
  AIE_HOST_INLINE mask<M> grow(unsigned at = 0) const {
    mask<M> grown;
    grown.insert(at, *this);
    return grown;
  }

  AIE_HOST_INLINE uint32_t to_uint32() const
    requires(N <= 32)
  {
    return word_[0];
  }
  AIE_HOST_INLINE uint64_t to_uint64() const
    requires(N == 64)
  {
    return word_[0] | static_cast<uint64_t>(word_[1]) << 32;
  }

  // `Bits` lanes from a word; Bits divides 32 or N is smaller.
  template <unsigned Bits>
  AIE_HOST_INLINE void insert_bits(unsigned at, uint32_t bits) {
    word_[at * Bits / 32] |= bits << (at * Bits % 32);
    trim();
  }

 private:
  AIE_HOST_INLINE void trim() { word_[word_count - 1] &= last_word; }
  template <class F>
  AIE_HOST_INLINE mask combine(const mask &other, F f) const {
    mask made;
    for (unsigned w = 0; w < word_count; ++w) made.word_[w] = f(word_[w], other.word_[w]);
    made.trim();
    return made;
  }

  uint32_t word_[word_count];
};

namespace detail {

template <unsigned N, class F>
AIE_HOST_INLINE mask<N> mask_of(F of_lane) {
  mask<N> m;
  if constexpr (IRONBIRD_FRAME) {
    m.assign(0, of_lane(0));
    return m;
  }
  for (unsigned i = 0; i < N; ++i)
    if (of_lane(i)) m.set(i);
  return m;
}

}  // namespace detail

}  // namespace aie
