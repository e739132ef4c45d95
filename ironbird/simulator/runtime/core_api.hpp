// What an emitted core program sees of the simulator: its buffers, and the places where it meets
// simulated time. Everything else is behind `runtime.cpp`, so that programs compile fast.
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>

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

  CoreAgent *agent_ = nullptr;
  void *const *buffers_ = nullptr;
  int64_t shadow_offset_ = 0;
};

}  // namespace ironbird
