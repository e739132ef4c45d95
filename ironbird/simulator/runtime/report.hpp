// What a caller asks of a run and what it gets back: the C ABI of a built design.
#pragma once

#include <cstdint>

namespace ironbird {

struct RunRequest {
  void *const *arguments;
  void *const *kernel_functions;   // [core][kernel], null where a core does not call it
  void *const *binders;            // [core]: ironbird_bind_core of the core's kernel library
  void *const *scratch_functions;  // [kernel], of the counting build
  void *scratch_binder;
  void *scratch_clearer;
  uint64_t seed;
  int32_t has_seed;
  int32_t poison;
  int32_t red_zones;
  int32_t races;
  int32_t traced_kinds;  // kinds below this number are kept
  int32_t threads;
  int32_t compiler_class;
  int64_t cycle_limit;
};

// Kinds as `FindingRecord.kind` in ironbird/simulator/records.py.
enum class RecordKind : int32_t {
  write_past_buffer,
  poison_read,
  unwritten_output,
  lock_overflow,
  race,
  crashed_kernel,
  interrupted,
  cycle_limit,
  missing_link,
  unawaited_output,
  out_of_bounds,
  undefined,
  read_past_buffer,
};

// What MLIR leaves undefined and a core did: `FindingRecord.detail` of `undefined`, as in
// ironbird/simulator/undefined.py.
enum class Undefined : int32_t { division_by_zero, division_overflow, shift, step };

// What a core used that the design does not give it: `FindingRecord.detail` of a missing link.
enum class Link : int32_t { none = -1, cascade_in, cascade_out, stream_in, stream_out, lock };

// Meaning of the fields by kind: ironbird/simulator/records.py.
struct FindingRecord {
  RecordKind kind{};
  int32_t agent = -1, site = -1, object = -1, other_agent = -1, other_site = -1, detail = -1;
  int64_t count = 0, first = 0;
};

enum class WaitKind : int32_t {
  running,
  ended,
  idle,
  lock,
  send,
  receive,
  cascade_get,
  cascade_put,
  token,
  queue,
};

// Where an agent stood when the run ended.
struct AgentRecord {
  WaitKind wait;
  int32_t object;  // lock, port, channel, cascade
  int32_t count;
  int32_t site;  // of a core: operation; of a channel: descriptor; of the sequence: step
  int64_t bytes_left;
  int32_t task;
  int32_t queued;
};

enum class TraceKind : int32_t {
  kernel,
  lock_wait,
  transfer,
  event,
  task_started,
  descriptor,
  task_finished,
  channel_lock_wait,
  arrival,
  lock_request,
  lock_release,
  stream_wait,
  cascade_wait,
  vector_work,
  departure,
};

struct TraceRecord {
  int32_t agent, kind, object;  // kinds as `TraceKind` in ironbird/simulator/records.py
  int64_t start, end;
};

struct RunReport {
  int32_t finished;
  int32_t rested;  // nothing was under way any more
  int64_t cycles;
  int64_t events;
  int32_t finding_count;
  FindingRecord *findings;
  int32_t agent_count;
  AgentRecord *agents;
  int32_t lock_count;
  int32_t *locks;
  int32_t kernel_count;
  int64_t *kernel_calls;
  int64_t *kernel_cycles;
  int64_t trace_count;
  TraceRecord *trace;
};

}  // namespace ironbird
