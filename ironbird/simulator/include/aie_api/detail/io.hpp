// Cascade, streams, locks, events and the timer: what leaves the core, by the callbacks of
// CoreState.
//
// All but events block; the callback returns when the word is there. Wide values go low half first.
#pragma once

#include "native.hpp"

namespace aie::detail {

AIE_HOST_INLINE void cascade_write(const void *from, unsigned bytes) {
  for (unsigned at = 0; at < bytes; at += 64) {
    ironbird::CoreState &core = *ironbird::current_core;
    if (core.cascade_write == nullptr) no_callback("put_mcd");
    count_move(1);
    core.cascade_write(core.host, (const char *)from + at);
  }
}
AIE_HOST_INLINE void cascade_read(void *to, unsigned bytes) {
  for (unsigned at = 0; at < bytes; at += 64) {
    ironbird::CoreState &core = *ironbird::current_core;
    if (core.cascade_read == nullptr) no_callback("get_scd");
    count_move(1);
    core.cascade_read(core.host, (char *)to + at);
  }
}

template <class R>
AIE_HOST_INLINE R from_cascade(int enable) {
  static_assert(R::total_bits % 512 == 0, "the cascade moves 512 bits at a time");
  R value{};
#if IRONBIRD_FRAME
  cascade_read((void *)&ironbird_frame_place, 64);
#else
  if (enable) cascade_read(value.lane.e, R::total_bits / 8);
#endif
  (void)enable;
  return value;
}

template <class R>
AIE_HOST_INLINE void onto_cascade(const R &value, int enable) {
  static_assert(R::total_bits % 512 == 0, "put_mcd: the cascade moves 512 bits at a time");
#if IRONBIRD_FRAME
  cascade_write((const void *)&ironbird_frame_place, 64);
  (void)value;
#else
  if (enable) cascade_write(value.lane.e, R::total_bits / 8);
#endif
  (void)enable;
}

AIE_HOST_INLINE uint32_t stream_word(bool *last) {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.stream_read == nullptr) no_callback("get_ss");
  count_move(1);
  return core.stream_read(core.host, 0, last);
}
AIE_HOST_INLINE void stream_word_out(uint32_t word, bool last) {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.stream_write == nullptr) no_callback("put_ms");
  count_move(1);
  core.stream_write(core.host, 0, word, last);
}
template <class R>
AIE_HOST_INLINE R stream_vector() {
  constexpr unsigned words = R::total_bits / 32;
  lanes<uint32_t, words> word;
  bool last = false;
  by_lanes(word, [&](unsigned) { return stream_word(&last); });
  R value;
  copy_bits(value.lane, word);
  return value;
}

}  // namespace aie::detail

template <class T, unsigned N>
AIE_HOST_INLINE void put_mcd(const aie::detail::native_vector<T, N> &x, int en = 1) {
  aie::detail::onto_cascade(x, en);
}
template <class S, unsigned N>
AIE_HOST_INLINE void put_mcd(const aie::detail::native_accum<S, N> &x, int en = 1) {
  aie::detail::onto_cascade(x, en);
}

#define AIE_HOST_CASCADE_READ(type) \
  AIE_HOST_INLINE type get_scd_##type(int en = 1) { return aie::detail::from_cascade<type>(en); }
AIE_HOST_CASCADE_READ(v64int8)
AIE_HOST_CASCADE_READ(v64uint8)
AIE_HOST_CASCADE_READ(v32int16)
AIE_HOST_CASCADE_READ(v32uint16)
AIE_HOST_CASCADE_READ(v16int32)
AIE_HOST_CASCADE_READ(v16uint32)
AIE_HOST_CASCADE_READ(v32int32)
AIE_HOST_CASCADE_READ(v32uint32)
AIE_HOST_CASCADE_READ(v32bfloat16)
AIE_HOST_CASCADE_READ(v16float)
AIE_HOST_CASCADE_READ(v32float)
AIE_HOST_CASCADE_READ(v16cint16)
AIE_HOST_CASCADE_READ(v8cint32)
AIE_HOST_CASCADE_READ(v16acc32)
AIE_HOST_CASCADE_READ(v32acc32)
AIE_HOST_CASCADE_READ(v8acc64)
AIE_HOST_CASCADE_READ(v16acc64)
AIE_HOST_CASCADE_READ(v16accfloat)
AIE_HOST_CASCADE_READ(v32accfloat)
AIE_HOST_CASCADE_READ(v4cacc64)
AIE_HOST_CASCADE_READ(v8cacc64)
#undef AIE_HOST_CASCADE_READ

template <class T>
  requires std::is_arithmetic_v<T>
AIE_HOST_INLINE void put_ms(T x, int tlast = 0) {
  static_assert(sizeof(T) == 4, "put_ms: a stream word has 32 bits");
  aie::detail::stream_word_out(std::bit_cast<uint32_t>(x), tlast != 0);
}
template <class T, unsigned N>
AIE_HOST_INLINE void put_ms(const aie::detail::native_vector<T, N> &x, int tlast = 0) {
  constexpr unsigned words = aie::detail::native_vector<T, N>::total_bits / 32;
  aie::detail::lanes<uint32_t, words> word;
  aie::detail::copy_bits(word, x.lane);
  for (unsigned i = 0; i < words; ++i)
    aie::detail::stream_word_out(word.get(i), tlast != 0 && i + 1 == words);
}
// Never refused: the simulator blocks where the chip would report that the port is full.
template <class T>
AIE_HOST_INLINE void put_ms_nb(T x, int tlast, bool &ok) {
  put_ms(x, tlast);
  ok = true;
}

AIE_HOST_INLINE int32_t get_ss() {
  bool last = false;
  return static_cast<int32_t>(aie::detail::stream_word(&last));
}
AIE_HOST_INLINE int32_t get_ss(bool &tlast) {
  return static_cast<int32_t>(aie::detail::stream_word(&tlast));
}
AIE_HOST_INLINE int32_t get_ss_int() { return get_ss(); }
AIE_HOST_INLINE uint32_t get_ss_uint() { return static_cast<uint32_t>(get_ss()); }
AIE_HOST_INLINE float get_ss_float() { return std::bit_cast<float>(get_ss()); }
AIE_HOST_INLINE int32_t get_ss_nb(bool &ok) {
  ok = true;
  return get_ss();
}
AIE_HOST_INLINE v4int32 get_ss_v4int32() { return aie::detail::stream_vector<v4int32>(); }
AIE_HOST_INLINE v4float get_ss_v4float() { return aie::detail::stream_vector<v4float>(); }
AIE_HOST_INLINE v8int16 get_ss_v8int16() { return aie::detail::stream_vector<v8int16>(); }
AIE_HOST_INLINE v16int8 get_ss_v16int8() { return aie::detail::stream_vector<v16int8>(); }

AIE_HOST_INLINE void acquire_equal(unsigned id, int value) {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.lock_acquire == nullptr) aie::detail::no_callback("acquire_equal");
  core.lock_acquire(core.host, static_cast<int32_t>(id), value);
}
AIE_HOST_INLINE void acquire_greater_equal(unsigned id, int value) {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.lock_acquire == nullptr) aie::detail::no_callback("acquire_greater_equal");
  core.lock_acquire(core.host, static_cast<int32_t>(id), -value);
}
AIE_HOST_INLINE void release(unsigned id, int value) {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.lock_release == nullptr) aie::detail::no_callback("release");
  core.lock_release(core.host, static_cast<int32_t>(id), value);
}

AIE_HOST_INLINE void event0() {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.event != nullptr) core.event(core.host, 0);
}
AIE_HOST_INLINE void event1() {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.event != nullptr) core.event(core.host, 1);
}

AIE_HOST_INLINE uint64_t get_cycles() {
  ironbird::CoreState &core = *ironbird::current_core;
  return core.cycles != nullptr ? core.cycles(core.host) : 0;
}
// Bits 0-4 row, 16-22 column.
AIE_HOST_INLINE uint32_t get_coreid() {
  const ironbird::CoreState &core = *ironbird::current_core;
  return static_cast<uint32_t>(core.row) | static_cast<uint32_t>(core.column) << 16;
}

namespace aie {

struct tile_id {
  uint16_t row, col;
};

class tile {
 public:
  static tile current() { return {}; }
  tile_id global_id() const {
    const uint32_t id = get_coreid();
    return {static_cast<uint16_t>(id & 31), static_cast<uint16_t>(id >> 16 & 127)};
  }
  // The header of the chip subtracts 3 from the row and calls that a thing to be fixed.
  tile_id id() const {
    const tile_id global = global_id();
    return {static_cast<uint16_t>(global.row - 3), global.col};
  }
  uint64_t cycles() const { return get_cycles(); }
  void set_saturation(saturation_mode mode) const { aie::set_saturation(mode); }
  saturation_mode get_saturation() const { return aie::get_saturation(); }
  void set_rounding(rounding_mode mode) const { aie::set_rounding(mode); }
  rounding_mode get_rounding() const { return aie::get_rounding(); }
};

}  // namespace aie
