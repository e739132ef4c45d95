// The rows in which an emitted design states its plan. Indices refer to rows; -1 means none.
#pragma once

#include <cstdint>
#include <cstring>

namespace ironbird {

enum class LockAction : int32_t { none, acquire_ge, acquire_eq, release };

struct LockUseRow {
  int32_t lock;
  LockAction action;
  int32_t count;
};

// `address` orders nothing and overlaps nothing: every buffer gets memory of its own.
struct BufferRow {
  int64_t byte_count;
  const uint8_t *initial;
};

struct LockRow {
  int32_t initial;
};

struct DimensionRow {
  int64_t size, stride_bytes, before, after;
};

// The visited bytes are rows of `row_bytes` contiguous bytes under up to four dimensions, outermost
// first. `before` and `after` count zeros: positions of a dimension, bytes of a row.
struct DescriptorRow {
  int32_t memory;  // a buffer, or ~argument
  int64_t offset_bytes;
  int32_t dimension_count;
  DimensionRow dimensions[5];
  int64_t row_bytes, row_before, row_after;
  int64_t byte_count;
  int64_t iteration_size, iteration_stride_bytes, iteration_current;
  LockUseRow acquire, release;
  int32_t packet_id;
  int32_t packet_type;
  int32_t next;
  int64_t memory_cost;  // 1/65536 cycles of shared DDR time per byte; 0 on chip
};

struct ChannelRow {
  int32_t column, row;
  int32_t is_source;  // MM2S
  int32_t first;      // configured chain
  int32_t repeat_count;
  int32_t start_cycles;  // of the first task, and of every later one
  int32_t restart_cycles;
};

// One end of a route: a DMA channel, or a core's stream port.
struct PortRow {
  int32_t channel;
  int32_t core;
  int32_t index;
};

struct RouteRow {
  int32_t source;  // a source port
  const int32_t *sinks;
  int32_t sink_count;
  int32_t latency_cycles;
  int32_t packet_id;
  int32_t keep_header;
};

struct CascadeRow {
  int32_t source_core, destination_core;
};

class CoreApi;

struct CoreRow {
  int32_t column, row;
  void (*program)(CoreApi &);
  const int32_t *buffers;
  int32_t buffer_count;
  const int32_t *locks;
  const int32_t *visible_locks;  // 64: 16 each of the south, west, north and own tile
};

// An argument of a kernel, or its result; unused bytes are 0.
union Slot {
  void *pointer;
  int64_t integer;
};

template <typename Value>
Value from_slot(const Slot &slot) {
  Value value;
  static_assert(sizeof(Value) <= sizeof(Slot));
  std::memcpy(&value, &slot, sizeof value);
  return value;
}

template <typename Value>
Slot to_slot(Value value) {
  Slot slot{};
  static_assert(sizeof(Value) <= sizeof(Slot));
  std::memcpy(&slot, &value, sizeof value);
  return slot;
}

struct KernelRow {
  void (*call)(void *function, const Slot *arguments, Slot *result);
  int32_t argument_count;
  uint64_t pointer_mask;  // which arguments are views
};

enum class StepKind : int32_t { start_task, await_token, write_buffer, set_lock };

struct StepRow {
  StepKind kind;
  int32_t object;  // a channel, a buffer or a lock
  int32_t first, repeat_count, token, task;
  int64_t offset_bytes, byte_count;
  const uint8_t *content;
  int32_t value;
  int32_t cycles;
};

struct ArgumentRow {
  int64_t byte_count;
  int32_t read, written;
};

// Two descriptors, or a core (~core), that touch common bytes of a buffer.
struct OverlapRow {
  int32_t first, second;
};

struct PlanTables {
  const BufferRow *buffers;
  int32_t buffer_count;
  const LockRow *locks;
  int32_t lock_count;
  const DescriptorRow *descriptors;
  int32_t descriptor_count;
  const ChannelRow *channels;
  int32_t channel_count;
  const PortRow *sources;
  int32_t source_count;
  const PortRow *sinks;
  int32_t sink_count;
  const RouteRow *routes;
  int32_t route_count;
  const CascadeRow *cascades;
  int32_t cascade_count;
  const CoreRow *cores;
  int32_t core_count;
  const KernelRow *kernels;
  int32_t kernel_count;
  const StepRow *steps;
  int32_t step_count;
  const ArgumentRow *arguments;
  int32_t argument_count;
  const OverlapRow *disjoint;  // descriptor pairs of one memory that share no byte, sorted
  int32_t disjoint_count;
};

}  // namespace ironbird
