// Trial calls of a kernel on copies of its buffers, in the counting build, before the real call.
// They tell the call's cycles, which arguments it writes, whether it waits for neighbours, and
// whether its results depend on memory that nobody wrote.
//
// Cycles and written arguments are those of the first call with the same scalars: a kernel that
// writes more in a later call is not followed there.
//
// Memory round the arguments counts as unwritten: on the first call with some scalars, another
// trial has other bytes there.
//
// Dependence is found by two trials with different poison in the unwritten bytes. A byte that comes
// out equal was written; one that still holds both poisons was left alone; any other took its value
// from unwritten memory. A kernel that is not repeatable (a third trial differs from the first) is
// not accused. What only selects between equal results goes unnoticed: nothing is reported wrongly.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

#include "guard.hpp"
#include "kernel_cost.hpp"
#include "world.hpp"

namespace ironbird {

constexpr int32_t poison_trials_per_kernel = 64;
constexpr int64_t callbacks_per_trial = 1 << 20;
constexpr size_t events_per_trial = 4096;

// event0() or event1() in a kernel, `cycle` cycles after the call.
struct KernelEvent {
  int32_t number;
  int64_t cycle;
};

// vector_operations: of the vector slot, at most `cycles`. events: in the order of the calls.
struct KernelTraits {
  int64_t cycles = 0;
  int64_t vector_operations = 0;
  std::vector<KernelEvent> events;
  uint64_t written_mask = 0;
  bool communicates = false;
};

struct PoisonVerdict {
  int32_t buffer;
  std::vector<uint8_t> shadow;  // afterwards
  int64_t dependent_bytes = 0;  // results that came from unwritten memory
  int64_t first = 0;
};

struct Trial {
  KernelTraits traits;
  std::vector<PoisonVerdict> verdicts;  // of buffers that had unwritten bytes
  int crash_signal = 0;
  bool dependent_result = false;
  int32_t read_outside = -1;  // the buffer round which the kernel read
  int64_t outside_bytes = 0;  // results that came from there
};

class Scratch {
 public:
  explicit Scratch(World &world) : world_(world), poison_trials_(world.plan.kernel_count, 0) {
    using Bind = void (*)(CoreState *);
    if (world.request.scratch_binder == nullptr) return;
    state_.host = this;
    state_.cascade_read = [](void *self, void *bytes) {
      static_cast<Scratch *>(self)->count_callback();
      std::memset(bytes, 0, 64);
    };
    state_.cascade_write = [](void *self, const void *bytes) {
      static_cast<Scratch *>(self)->count_callback();
      static_cast<Scratch *>(self)->remember(bytes, 64);
    };
    state_.stream_read = [](void *self, int32_t, bool *last) -> uint32_t {
      static_cast<Scratch *>(self)->count_callback();
      if (last != nullptr) *last = false;
      return 0;
    };
    state_.stream_write = [](void *self, int32_t, uint32_t word, bool) {
      static_cast<Scratch *>(self)->count_callback();
      static_cast<Scratch *>(self)->remember(&word, 4);
    };
    state_.lock_acquire = [](void *self, int32_t, int32_t) {
      static_cast<Scratch *>(self)->count_callback();
    };
    state_.lock_release = state_.lock_acquire;
    state_.event = [](void *self, int32_t number) {
      static_cast<Scratch *>(self)->mark_event(number);
    };
    state_.complain = [](void *, const char *) {};
    reinterpret_cast<Bind>(world.request.scratch_binder)(&state_);
  }

  // What is known of a call; `trial_made` says whether trials were needed.
  Trial inspect(int32_t kernel, const CoreState &core, const Slot *arguments) {
    Trial trial;
    const KernelRow &row = world_.plan.kernels[kernel];
    collect_buffers(row, arguments);
    bool unwritten_arguments = false;
    for (const int32_t buffer : buffers_)
      unwritten_arguments |= !world_.memory.fully_written(buffer);
    const auto key = key_of(kernel, row, arguments);
    const auto known = traits_.find(key);
    const bool poison = unwritten_arguments && poison_trials_[kernel] < poison_trials_per_kernel;
    if (known != traits_.end()) trial.traits = known->second;
    if (unwritten_arguments && !poison) trust(trial);
    if (known != traits_.end() && !poison) return trial;
    void *function = world_.request.scratch_functions[kernel];
    const Outcome first = run(function, row, core, arguments, poison_byte);
    trial.crash_signal = first.signal_number;
    if (first.signal_number != 0) return trial;
    if (known == traits_.end()) {
      trial.traits.cycles =
          kernel_cycles(state_, argument_bytes(row), world_.request.compiler_class);
      trial.traits.vector_operations =
          std::min(static_cast<int64_t>(state_.slots.vector), trial.traits.cycles);
      trial.traits.events = placed_events(trial.traits.cycles);
      trial.traits.communicates = callbacks_ > 0;
      trial.traits.written_mask = written_arguments(row, arguments, first);
      traits_[key] = trial.traits;
      judge_outside(trial, function, row, core, arguments, first);
    }
    if (poison) {
      ++poison_trials_[kernel];
      judge_poison(trial, function, row, core, arguments, first);
    }
    return trial;
  }

 private:
  struct Outcome {
    std::vector<std::vector<uint8_t>> buffers;
    std::vector<uint8_t> sent;
    Slot result{};
    int signal_number = 0;
  };
  enum class Zones { usual, other, other_round_one };
  using Key = std::vector<int64_t>;

  static bool same(const Outcome &one, const Outcome &other) {
    return one.buffers == other.buffers && one.sent == other.sent &&
           one.result.integer == other.result.integer;
  }

  Key key_of(int32_t kernel, const KernelRow &row, const Slot *arguments) const {
    Key key{kernel};
    for (int32_t index = 0; index < row.argument_count; ++index)
      if ((row.pointer_mask >> index & 1) == 0) key.push_back(arguments[index].integer);
    return key;
  }

  int64_t argument_bytes(const KernelRow &) const {
    int64_t bytes = 0;
    for (const int32_t buffer : buffers_) bytes += world_.memory.byte_count(buffer);
    return bytes;
  }

  void collect_buffers(const KernelRow &row, const Slot *arguments) {
    buffers_.clear();
    argument_buffer_.assign(row.argument_count, -1);
    for (int32_t index = 0; index < row.argument_count; ++index) {
      if ((row.pointer_mask >> index & 1) == 0) continue;
      const int32_t buffer = world_.memory.buffer_at(arguments[index].pointer);
      argument_buffer_[index] = buffer;
      if (std::find(buffers_.begin(), buffers_.end(), buffer) == buffers_.end())
        buffers_.push_back(buffer);
    }
  }

  Outcome run(void *function, const KernelRow &row, const CoreState &core, const Slot *arguments,
              uint8_t poison, Zones zones = Zones::usual, size_t only_place = 0) {
    Outcome outcome;
    std::vector<int64_t> places;
    int64_t end = arena_margin_bytes;
    for (const int32_t buffer : buffers_) {
      places.push_back(end + red_zone_bytes);
      end = places.back() + (world_.memory.byte_count(buffer) + 63) / 64 * 64 + red_zone_bytes;
    }
    arena_.assign(end + arena_margin_bytes + 64,
                  zones == Zones::other ? other_zone_byte : red_zone_byte);
    uint8_t *base = arena_.data() + (64 - reinterpret_cast<uintptr_t>(arena_.data()) % 64) % 64;
    if (zones == Zones::other_round_one) {
      const int64_t count = world_.memory.byte_count(buffers_[only_place]);
      std::memset(base + places[only_place] - red_zone_bytes, other_zone_byte,
                  (count + 63) / 64 * 64 + 2 * red_zone_bytes);
    }
    for (size_t place = 0; place < buffers_.size(); ++place) {
      const int32_t buffer = buffers_[place];
      const int64_t count = world_.memory.byte_count(buffer);
      uint8_t *copy = base + places[place];
      std::memcpy(copy, world_.memory.bytes(buffer), count);
      if (world_.memory.fully_written(buffer)) continue;
      const uint8_t *shadow = world_.memory.shadow(buffer);
      for (int64_t byte = 0; byte < count; ++byte)
        if (shadow[byte] == unwritten) copy[byte] = poison;
    }
    std::vector<Slot> moved(arguments, arguments + row.argument_count);
    for (int32_t index = 0; index < row.argument_count; ++index) {
      if (argument_buffer_[index] < 0) continue;
      const auto place = std::find(buffers_.begin(), buffers_.end(), argument_buffer_[index]);
      moved[index].pointer = base + places[place - buffers_.begin()] +
                             (static_cast<uint8_t *>(arguments[index].pointer) -
                              world_.memory.bytes(argument_buffer_[index]));
    }
    using Clear = void (*)();
    reinterpret_cast<Clear>(world_.request.scratch_clearer)();
    state_.rounding = core.rounding;
    state_.saturation = core.saturation;
    state_.column = core.column;
    state_.row = core.row;
    callbacks_ = 0;
    sent_.clear();
    events_.clear();
    outcome.signal_number = guarded([&] { row.call(function, moved.data(), &outcome.result); });
    if (callbacks_ > callbacks_per_trial) outcome.signal_number = 0;
    outcome.sent = sent_;
    for (size_t place = 0; place < buffers_.size(); ++place) {
      const uint8_t *copy = base + places[place];
      outcome.buffers.emplace_back(copy, copy + world_.memory.byte_count(buffers_[place]));
    }
    return outcome;
  }

  uint64_t written_arguments(const KernelRow &row, const Slot *, const Outcome &outcome) {
    uint64_t mask = 0;
    for (size_t place = 0; place < buffers_.size(); ++place) {
      const int32_t buffer = buffers_[place];
      const auto &after = outcome.buffers[place];
      const uint8_t *before = world_.memory.bytes(buffer);
      if (std::memcmp(after.data(), before, after.size()) == 0) continue;
      for (int32_t index = 0; index < row.argument_count; ++index)
        if (argument_buffer_[index] == buffer) mask |= uint64_t{1} << index;
    }
    return mask;
  }

  void judge_poison(Trial &trial, void *function, const KernelRow &row, const CoreState &core,
                    const Slot *arguments, const Outcome &first) {
    const Outcome second = run(function, row, core, arguments, other_poison_byte);
    bool dependent = first.sent != second.sent || first.result.integer != second.result.integer;
    trial.dependent_result = dependent;
    for (size_t place = 0; place < buffers_.size(); ++place) {
      const int32_t buffer = buffers_[place];
      const uint8_t *shadow = world_.memory.shadow(buffer);
      const int64_t count = world_.memory.byte_count(buffer);
      PoisonVerdict verdict{buffer, std::vector<uint8_t>(shadow, shadow + count)};
      for (int64_t byte = 0; byte < count; ++byte) {
        const uint8_t one = first.buffers[place][byte];
        const uint8_t other = second.buffers[place][byte];
        if (one == other) {
          verdict.shadow[byte] = written;
          continue;
        }
        const bool left_alone =
            shadow[byte] == unwritten && one == poison_byte && other == other_poison_byte;
        if (left_alone) continue;
        if (verdict.dependent_bytes++ == 0) verdict.first = byte;
        verdict.shadow[byte] = written;
        dependent = true;
      }
      trial.verdicts.push_back(std::move(verdict));
    }
    if (!dependent) return;
    if (same(run(function, row, core, arguments, poison_byte), first)) return;
    trial.dependent_result = false;
    for (PoisonVerdict &verdict : trial.verdicts) verdict.dependent_bytes = 0;
  }

  // Whether a result changes with what lies round the arguments. The order of the trials acquits a
  // kernel whose results change by themselves, to and fro as well.
  void judge_outside(Trial &trial, void *function, const KernelRow &row, const CoreState &core,
                     const Slot *arguments, const Outcome &first) {
    const auto with = [&](Zones zones, size_t place = 0) {
      return run(function, row, core, arguments, poison_byte, zones, place);
    };
    if (buffers_.empty()) return;
    const Outcome other = with(Zones::other);
    if (same(first, other) || other.signal_number != 0) return;
    if (!same(other, with(Zones::other)) || !same(first, with(Zones::usual))) return;
    trial.read_outside = buffers_[0];
    for (size_t place = 0; place < buffers_.size(); ++place) {
      if (same(first, with(Zones::other_round_one, place))) continue;
      trial.read_outside = buffers_[place];
      break;
    }
    for (size_t place = 0; place < buffers_.size(); ++place)
      for (size_t byte = 0; byte < first.buffers[place].size(); ++byte)
        trial.outside_bytes += first.buffers[place][byte] != other.buffers[place][byte];
  }

  // After enough trials a buffer that is never wholly written is taken to be on purpose.
  void trust(Trial &trial) {
    for (const int32_t buffer : buffers_) {
      if (world_.memory.fully_written(buffer)) continue;
      trial.verdicts.push_back(
          {buffer, std::vector<uint8_t>(world_.memory.byte_count(buffer), written)});
    }
  }

  // Where a kernel stands is known by the slots it has used so far; 0: none yet.
  void mark_event(int32_t number) {
    if (events_.size() >= events_per_trial) return;
    const bool counted = state_.slots.vector + state_.slots.load + state_.slots.store != 0;
    const int64_t cycle = counted ? kernel_cycles(state_, 0, world_.request.compiler_class) : 0;
    events_.push_back({number, cycle});
  }

  // A kernel without vector code has no counts: its events are assumed evenly spread.
  std::vector<KernelEvent> placed_events(int64_t cycles) const {
    std::vector<KernelEvent> placed = events_;
    const bool counted = state_.slots.vector + state_.slots.load + state_.slots.store != 0;
    const auto last = static_cast<int64_t>(placed.size()) - 1;
    for (int64_t index = 0; index <= last; ++index) {
      if (!counted && last > 0) placed[index].cycle = cycles * index / last;
      placed[index].cycle = std::min(placed[index].cycle, cycles);
    }
    return placed;
  }

  void count_callback() {
    if (++callbacks_ > callbacks_per_trial) siglongjmp(*active_guard, SIGABRT);
  }
  void remember(const void *bytes, size_t count) {
    const auto *from = static_cast<const uint8_t *>(bytes);
    sent_.insert(sent_.end(), from, from + count);
  }

  World &world_;
  CoreState state_{};
  std::map<Key, KernelTraits> traits_;
  std::vector<int32_t> poison_trials_;
  std::vector<int32_t> buffers_;
  std::vector<int32_t> argument_buffer_;
  std::vector<uint8_t> arena_;
  std::vector<uint8_t> sent_;
  std::vector<KernelEvent> events_;
  int64_t callbacks_ = 0;
};

}  // namespace ironbird
