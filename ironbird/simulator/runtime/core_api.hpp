// What an emitted core program sees of the simulator: its buffers, and the places where it meets
// simulated time. Everything else is behind `runtime.cpp`, so that programs compile fast.
#pragma once

#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>

#include "integers.hpp"
#include "report.hpp"
#include "tables.hpp"

namespace ironbird {

using BufferSet = unsigned __int128;  // of a core's buffers, by their number in its program

// What a core did since it last met simulated time. Local to the program, so that loops keep it in
// registers.
struct Section {
  int64_t cycles = 0;
  BufferSet reads = 0;
  BufferSet writes = 0;

  Section take() {
    const Section done = *this;
    *this = Section{};
    return done;
  }
};

inline BufferSet only(int32_t buffer) { return BufferSet{1} << buffer; }

// A view into a buffer of the core: where it starts, and which buffer that is.
template <typename Element>
struct View {
  Element *at = nullptr;
  int32_t buffer = 0;
};

inline bool is_inside(int64_t index, int64_t size) {
  return static_cast<uint64_t>(index) < static_cast<uint64_t>(size);
}

struct CoreAgent;

class CoreApi {
 public:
  template <typename Element>
  View<Element> buffer(int32_t local) const {
    return {static_cast<Element *>(buffers_[local]), local};
  }

  template <bool Tracked, typename Element>
  Element load(const Element *address, int32_t site) {
    if constexpr (Tracked) {
      if (!is_written(address, sizeof(Element))) check_load(address, sizeof(Element), site);
    }
    return *address;
  }

  template <bool Tracked, typename Element>
  void store(Element *address, Element value, int32_t site) {
    if constexpr (Tracked) {
      if (!is_written(address, sizeof(Element)) && !check_store(address, sizeof(Element), site))
        return;
    }
    *address = value;
  }

  // Whether an index is on its axis; `local` is the buffer.
  template <bool Store>
  bool inside(int64_t index, int64_t size, int32_t axis, int32_t local, int32_t site) {
    if (is_inside(index, size)) [[likely]]
      return true;
    index_outside(index, size, axis, Store, local, site);
    return false;
  }

  // Where a view starts along an axis: at the front if it would leave the one it is made from.
  int64_t start(int64_t offset, int64_t limit, int32_t axis, int32_t local, int32_t site) {
    return inside<false>(offset, limit, axis, local, site) ? offset : 0;
  }

  // Whether a loop whose step is not known counts upwards.
  bool counts_up(int64_t step, int32_t site) {
    if (step > 0) return true;
    undefined(Undefined::step, step, site);
    return false;
  }

  template <bool Signed, typename T>
  void check_division(T a, T b, int32_t site) {
    if constexpr (std::is_integral_v<T>) {
      constexpr bool is_bool = std::is_same_v<T, bool>;
      using Number = decltype(as_signed(a));
      constexpr Number least = is_bool ? -1 : std::numeric_limits<Number>::min();
      if (as_signed(b) == 0) [[unlikely]]
        undefined(Undefined::division_by_zero, 0, site);
      else if (Signed && as_signed(b) == -1 && as_signed(a) == least) [[unlikely]]
        undefined(Undefined::division_overflow, as_signed(a), site);
    } else {
      for (size_t lane = 0; lane < sizeof a.lane / sizeof a.lane[0]; ++lane)
        check_division<Signed>(a.lane[lane], b.lane[lane], site);
    }
  }

  template <typename T>
  void check_shift(T amount, int32_t site) {
    if constexpr (std::is_integral_v<T>) {
      if (!op::in_width(amount)) [[unlikely]]
        undefined(Undefined::shift, as_signed(amount), site);
    } else {
      for (const auto each : amount.lane) check_shift(each, site);
    }
  }

  void forget(int32_t local);
  bool all_written(BufferSet buffers) const;
  void use_lock(const Section &section, int32_t local, LockAction action, int32_t count,
                bool blocking, int32_t site);
  void call(const Section &section, int32_t kernel, const Slot *arguments, Slot *result,
            int32_t site);
  void put_cascade(const Section &section, const void *bytes, int32_t site);
  void get_cascade(const Section &section, void *bytes, int32_t site);
  void put_stream(const Section &section, int32_t port, uint32_t word, int32_t site);
  uint32_t get_stream(const Section &section, int32_t port, int32_t site);
  void mark_event(const Section &section, int32_t number, int32_t site);
  void breathe(Section &section);
  void end(const Section &section);

 private:
  friend struct CoreAgent;

  // Shadow bytes are 1 where memory was written (memory.hpp).
  bool is_written(const void *address, int64_t bytes) const {
    const uint8_t *shadow = static_cast<const uint8_t *>(address) + shadow_offset_;
    bool all = true;
    for (int64_t byte = 0; byte < bytes; ++byte) all &= shadow[byte] == 1;
    return all;
  }
  void check_load(const void *address, int64_t bytes, int32_t site);
  bool check_store(const void *address, int64_t bytes, int32_t site);
  void index_outside(int64_t index, int64_t size, int32_t axis, bool is_store, int32_t local,
                     int32_t site);
  void undefined(Undefined what, int64_t number, int32_t site);

  CoreAgent *agent_ = nullptr;
  void *const *buffers_ = nullptr;
  int64_t shadow_offset_ = 0;
};

}  // namespace ironbird
