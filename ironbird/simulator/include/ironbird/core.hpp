// What a kernel and the simulator share: the state of the core that the kernel runs on, as a C ABI.
//
// A kernel library is a shared object made of the author's sources and these headers. Each loaded
// instance of it belongs to ONE core: statics in a kernel are the core's data memory, so two cores
// load two copies (dlopen tells files apart by inode; copy the file, a hard link is not enough) and
// `ironbird_bind_core` tells each copy once which core it is on. The pointer is an ordinary
// variable of the instance, hidden, not thread-local: fibres may move between threads, and it is
// read anew after every callback. An instance that nobody bound has a core of its own in the boot
// state.
//
// Build a library with g++ or clang as
//   -std=c++20 -O3 -march=native -fPIC -shared -fno-strict-aliasing -ffp-contract=off -fwrapv
//   -fno-gnu-unique (g++: otherwise statics of templates are shared between the copies)
//   -Wno-attributes -Wno-unknown-pragmas -D__AIENGINE__ -I include -I include/aie_api
//   -include aie_api/aie.hpp (the real compiler provides the intrinsics without an include)
// and one of these: nothing (silicon numerics), IRONBIRD_NUMERICS_FAST=1 (IEEE fp32), plus, if
// wanted, IRONBIRD_COUNT=1 (counting build) or IRONBIRD_FRAME=1 (frame build: compile only, -O2
// -fstack-usage).
//
// Separate from the AIE API headers because the simulator includes only this file.
#pragma once

#include <stdint.h>

#if !defined(IRONBIRD_COUNT)
#define IRONBIRD_COUNT 0
#endif
#if !defined(IRONBIRD_FRAME)
#define IRONBIRD_FRAME 0
#endif
#if !defined(IRONBIRD_NUMERICS_FAST)
#define IRONBIRD_NUMERICS_FAST 0
#endif

namespace ironbird {

// Bumped when the layout of anything below changes; `ironbird_abi_version()` returns it.
inline constexpr int32_t abi_version = 1;

// Issue slots used, in operations; written only by a counting build.
struct SlotCounts {
  uint64_t load = 0;       // 256-bit loads, either load unit (two per cycle)
  uint64_t load_a = 0;     // loads that only unit A can do (accumulators, fused UPS)
  uint64_t load_both = 0;  // gathers: both load units for one cycle
  uint64_t store = 0;      // 256-bit stores
  uint64_t vector = 0;     // vec slot: multiply-accumulate and vector ALU
  uint64_t move = 0;       // mv slot: shuffle, shift, broadcast, extract, insert, cascade
  uint64_t convert =
      0;  // SRS, UPS, fp32 <-> bf16, pack, unpack (often fused with a store or a load)
  uint64_t scalar = 0;       // alu slot: pointers, control registers, scalar work that we can see
  uint64_t mac_integer = 0;  // of `vector`: integer multiply-accumulates, chain distance 2
  uint64_t mac_float = 0;  // of `vector`: bf16 multiply-accumulates and fp32 adds, chain distance 4
  uint64_t alu_results = 0;  // of `vector`: results through the write port shared with `move`
};

// A loop that the author marked (AIE_PREPARE_FOR_PIPELINING, AIE_LOOP_*,
// chess_prepare_for_pipelining).
struct LoopCounts {
  const char *file = nullptr;
  int32_t line = 0;
  int32_t pipelined = 0;  // 1 if the author asked for pipelining
  uint64_t entries =
      0;  // times the loop was entered; 0 where only iterations can be seen (chess_*)
  uint64_t iterations = 0;  // 0 where only entries can be seen (AIE_*)
  SlotCounts slots;         // used directly inside it, marked inner loops left out
};

inline constexpr int32_t max_loops = 64;

// One simulated core. A null callback means that the kernel may not do that here: the host model
// prints which intrinsic was called and aborts.
struct CoreState {
  int32_t rounding =
      0;  // crRnd, 0 floor (AM020 power-up state); numbers in hardware tables: 0-3, 8-13
  int32_t saturation = 0;  // crSat, 0 none, 1 saturate, 3 symmetric
  int32_t column = 0;      // of get_coreid()
  int32_t row = 0;
  void *host = nullptr;  // opaque; first argument of every callback

  // Cascade: 512 bits. Blocks until there is a word / room for one.
  void (*cascade_read)(void *host, void *bytes64) = nullptr;
  void (*cascade_write)(void *host, const void *bytes64) = nullptr;
  // 32-bit streams, port 0. Block.
  uint32_t (*stream_read)(void *host, int32_t port, bool *last) = nullptr;
  void (*stream_write)(void *host, int32_t port, uint32_t word, bool last) = nullptr;
  // Locks, numbered as the core sees them: 0-15 south, 16-31 west, 32-47 north, 48-63 own. A
  // negative value means greater-equal, as the intrinsic of the hardware has it.
  void (*lock_acquire)(void *host, int32_t lock, int32_t value) = nullptr;
  void (*lock_release)(void *host, int32_t lock, int32_t value) = nullptr;
  // event0() and event1(). Optional: without it events do nothing.
  void (*event)(void *host, int32_t number) = nullptr;
  // The 64-bit timer. Optional: without it the timer stands at 0.
  uint64_t (*cycles)(void *host) = nullptr;
  // A defect of the kernel that the host model saw (a misaligned load, a shift out of range). May
  // return: the operation is then done as the chip would. Without it the text goes to stderr.
  void (*complain)(void *host, const char *text) = nullptr;

  SlotCounts slots;           // everything since the counters were cleared
  int32_t loop_count = 0;     // used entries of `loops`
  int32_t current_loop = -1;  // index into `loops`, -1 outside marked loops
  LoopCounts loops[max_loops];
};

// Weak, not inline: g++ gives inline variables unique symbols, which all copies of a library share.
[[gnu::weak, gnu::visibility("hidden")]] CoreState unbound_core{};
[[gnu::weak, gnu::visibility("hidden")]] CoreState *current_core = &unbound_core;

// Binds the next library of those that serve one core together.
[[gnu::weak, gnu::visibility("hidden")]] void (*bind_next)(CoreState *) = nullptr;

}  // namespace ironbird

extern "C" {
// Says which core this instance of the library is on. Call once after loading; or, where one
// instance serves several cores in one thread, before each call and before a callback returns into
// it.
[[gnu::weak, gnu::visibility("default")]] void ironbird_bind_core(ironbird::CoreState *core) {
  ironbird::current_core = core != nullptr ? core : &ironbird::unbound_core;
  if (ironbird::bind_next != nullptr) ironbird::bind_next(core);
}

// From now on this library binds whatever `next`, the binder of another, binds.
[[gnu::weak, gnu::visibility("default")]] void ironbird_bind_also(
    void (*next)(ironbird::CoreState *)) {
  ironbird::bind_next = next;
}

[[gnu::weak, gnu::visibility("default")]] ironbird::CoreState *ironbird_bound_core() {
  return ironbird::current_core;
}

// For callers without this header (ctypes): the layout they must match.
[[gnu::weak, gnu::visibility("default")]] int32_t ironbird_abi_version() {
  return ironbird::abi_version;
}
[[gnu::weak, gnu::visibility("default")]] uint64_t ironbird_core_state_bytes() {
  return sizeof(ironbird::CoreState);
}

// Clears the counters, not the control registers.
[[gnu::weak, gnu::visibility("default")]] void ironbird_clear_counts() {
  ironbird::CoreState &core = *ironbird::current_core;
  core.slots = {};
  core.loop_count = 0;
  core.current_loop = -1;
  for (ironbird::LoopCounts &loop : core.loops) loop = {};
}
}
