// The memories of all tiles in one arena, each buffer between two red zones, with one shadow byte
// for every byte: never written, written, or part of a red zone. Arguments in DDR have shadows too.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tables.hpp"

namespace ironbird {

constexpr int64_t red_zone_bytes = 128;
constexpr int64_t arena_margin_bytes = 64 * 1024;
constexpr uint8_t red_zone_byte = 0xC5;
constexpr uint8_t other_zone_byte = 0x3E;  // in trials; a plausible number, as below
// Whole elements of either make a NaN (0xFF) or a plausible number (0x41), and differ in every
// byte.
constexpr uint8_t poison_byte = 0xFF;
constexpr uint8_t other_poison_byte = 0x41;

enum Shadow : uint8_t { unwritten = 0, written = 1, outside = 2 };

class Memory {
 public:
  void configure(const PlanTables &plan, void *const *arguments, bool poison) {
    plan_ = &plan;
    buffer_count_ = plan.buffer_count;
    int64_t end = arena_margin_bytes;
    offsets_.resize(plan.buffer_count);
    for (int32_t buffer = 0; buffer < plan.buffer_count; ++buffer) {
      offsets_[buffer] = end + red_zone_bytes;
      end = offsets_[buffer] + (plan.buffers[buffer].byte_count + 63) / 64 * 64 + red_zone_bytes;
    }
    end += arena_margin_bytes;
    arena_.assign(end + 64, red_zone_byte);
    shadow_.assign(end + 64, outside);
    base_ = arena_.data() + (64 - reinterpret_cast<uintptr_t>(arena_.data()) % 64) % 64;
    shadow_base_ = shadow_.data();
    unwritten_.assign(plan.buffer_count + plan.argument_count, 0);
    for (int32_t buffer = 0; buffer < plan.buffer_count; ++buffer) {
      const BufferRow &row = plan.buffers[buffer];
      if (row.initial != nullptr) {
        std::memcpy(bytes(buffer), row.initial, row.byte_count);
      } else {
        std::memset(bytes(buffer), poison ? poison_byte : 0, row.byte_count);
      }
      const bool known = row.initial != nullptr || !poison;
      std::memset(shadow(buffer), known ? written : unwritten, row.byte_count);
      unwritten_[buffer] = known ? 0 : row.byte_count;
    }
    argument_shadows_.resize(plan.argument_count);
    arguments_.resize(plan.argument_count);
    for (int32_t argument = 0; argument < plan.argument_count; ++argument) {
      const ArgumentRow &row = plan.arguments[argument];
      arguments_[argument] = static_cast<uint8_t *>(arguments[argument]);
      if (!poison || row.read || !row.written) continue;
      argument_shadows_[argument].assign(row.byte_count, unwritten);
      unwritten_[buffer_count_ + argument] = row.byte_count;
    }
  }

  // `memory` is a buffer, or ~argument.
  uint8_t *bytes(int32_t memory) {
    return memory < 0 ? arguments_[~memory] : base_ + offsets_[memory];
  }
  uint8_t *shadow(int32_t memory) {
    return memory < 0 ? argument_shadows_[~memory].data() : shadow_base_ + offsets_[memory];
  }
  bool has_shadow(int32_t memory) const {
    return memory >= 0 || !argument_shadows_[~memory].empty();
  }
  int64_t byte_count(int32_t memory) const {
    return memory < 0 ? plan_->arguments[~memory].byte_count : plan_->buffers[memory].byte_count;
  }
  int32_t index(int32_t memory) const { return memory < 0 ? buffer_count_ + ~memory : memory; }
  bool fully_written(int32_t memory) const { return unwritten_[index(memory)] == 0; }

  // The buffer that an address lies in or just behind, or -1 outside the arena.
  int32_t buffer_at(const void *address) const {
    const int64_t offset = static_cast<const uint8_t *>(address) - base_;
    const auto above = std::upper_bound(offsets_.begin(), offsets_.end(), offset);
    return static_cast<int32_t>(above - offsets_.begin()) - 1;
  }

  // From an address in the arena to its shadow.
  int64_t shadow_offset() const { return shadow_base_ - base_; }
  uint8_t *shadow_at(const void *address) {
    return shadow_base_ + (static_cast<const uint8_t *>(address) - base_);
  }

  void recount(int32_t memory) {
    if (!has_shadow(memory)) return;
    const uint8_t *flags = shadow(memory);
    const int64_t count = byte_count(memory);
    int64_t missing = 0;
    for (int64_t byte = 0; byte < count; ++byte) missing += flags[byte] == unwritten;
    unwritten_[index(memory)] = missing;
  }

  // A buffer as it was before anything was written.
  void forget(int32_t buffer, bool poison) {
    std::memset(bytes(buffer), poison ? poison_byte : 0, byte_count(buffer));
    std::memset(shadow(buffer), poison ? unwritten : written, byte_count(buffer));
    recount(buffer);
  }

  void gain(int32_t memory, int64_t bytes) { unwritten_[index(memory)] -= bytes; }

  int64_t unwritten_bytes(int32_t memory) const { return unwritten_[index(memory)]; }

  // The red-zone bytes around a buffer that changed: how many, and the first's distance from the
  // buffer.
  int64_t broken_zone_bytes(int32_t buffer, int64_t &first) {
    const int64_t count = plan_->buffers[buffer].byte_count;
    uint8_t *start = bytes(buffer);
    const int64_t behind = (count + 63) / 64 * 64 + red_zone_bytes;
    int64_t broken =
        count_broken(start - red_zone_bytes, red_zone_bytes, -red_zone_bytes, first, 0);
    broken += count_broken(start + count, behind - count, count, first, broken);
    return broken;
  }

  void mend_zone(int32_t buffer) {
    const int64_t count = plan_->buffers[buffer].byte_count;
    uint8_t *start = bytes(buffer);
    std::memset(start - red_zone_bytes, red_zone_byte, red_zone_bytes);
    std::memset(start + count, red_zone_byte, (count + 63) / 64 * 64 + red_zone_bytes - count);
  }

 private:
  static int64_t count_broken(const uint8_t *zone, int64_t count, int64_t distance, int64_t &first,
                              int64_t before) {
    int64_t broken = 0;
    for (int64_t byte = 0; byte < count; ++byte) {
      if (zone[byte] == red_zone_byte) continue;
      if (before + broken == 0) first = distance + byte;
      ++broken;
    }
    return broken;
  }

  const PlanTables *plan_ = nullptr;
  int32_t buffer_count_ = 0;
  std::vector<uint8_t> arena_;
  std::vector<uint8_t> shadow_;
  uint8_t *base_ = nullptr;
  uint8_t *shadow_base_ = nullptr;
  std::vector<int64_t> offsets_;
  std::vector<uint8_t *> arguments_;
  std::vector<std::vector<uint8_t>> argument_shadows_;
  std::vector<int64_t> unwritten_;
};

}  // namespace ironbird
