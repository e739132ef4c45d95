// What is wrong with an access or an operation of a core, or with what a kernel did: one record
// for each defect. `op` is the operation's site.
#pragma once

#include <cstdint>

#include "scratch.hpp"
#include "world.hpp"

namespace ironbird {

class CoreChecks {
 public:
  CoreChecks(World &world, const Agent &core) : world_(world), core_(core) {}

  // Notes a load of bytes that nobody wrote.
  void load(const void *address, int64_t bytes, int32_t op) {
    const uint8_t *shadow = world_.memory.shadow_at(address);
    for (int64_t byte = 0; byte < bytes; ++byte)
      if (shadow[byte] != written) return tell_place(RecordKind::poison_read, address, bytes, op);
  }

  // Whether a store stays inside its buffer; if so its bytes are written from now on.
  bool store(const void *address, int64_t bytes, int32_t op) {
    uint8_t *shadow = world_.memory.shadow_at(address);
    for (int64_t byte = 0; byte < bytes; ++byte) {
      if (shadow[byte] == outside) {
        tell_place(RecordKind::write_past_buffer, address, bytes, op);
        return false;
      }
      if (shadow[byte] == unwritten) {
        shadow[byte] = written;
        world_.memory.gain(world_.memory.buffer_at(address), 1);
      }
    }
    return true;
  }

  void index_outside(int64_t index, int64_t size, int32_t axis, bool is_store, int32_t buffer,
                     int32_t op) {
    FindingRecord record = record_of(RecordKind::out_of_bounds, op);
    record.object = buffer;
    record.detail = axis;
    record.other_site = is_store;
    record.count = index;
    record.first = size;
    world_.find(record);
  }

  void undefined(Undefined what, int64_t number, int32_t op) {
    FindingRecord record = record_of(RecordKind::undefined, op);
    record.object = op;  // so that each line is told
    record.detail = static_cast<int32_t>(what);
    record.count = number;
    world_.find(record);
  }

  // Results of a kernel that came from memory nobody wrote, or from outside its arguments.
  void trial(const Trial &trial, int32_t kernel) {
    if (trial.read_outside >= 0) {
      FindingRecord record = record_of(RecordKind::read_past_buffer, core_.site);
      record.object = trial.read_outside;
      record.detail = kernel;
      record.count = trial.outside_bytes;
      world_.find(record);
    }
    bool told = false;
    for (const PoisonVerdict &verdict : trial.verdicts) {
      if (verdict.dependent_bytes == 0) continue;
      poison(kernel, verdict.buffer, verdict.dependent_bytes, verdict.first);
      told = true;
    }
    if (trial.dependent_result && !told) poison(kernel, -1, 0, 0);
  }

  // Red-zone bytes around the arguments of a kernel that it changed.
  void zones(const KernelRow &row, int32_t kernel, const Slot *arguments) {
    if (!world_.request.red_zones) return;
    for (int32_t index = 0; index < row.argument_count; ++index) {
      if ((row.pointer_mask >> index & 1) == 0) continue;
      FindingRecord record = record_of(RecordKind::write_past_buffer, core_.site);
      record.object = world_.memory.buffer_at(arguments[index].pointer);
      record.detail = kernel;
      record.count = world_.memory.broken_zone_bytes(record.object, record.first);
      if (record.count == 0) continue;
      world_.find(record);
      world_.memory.mend_zone(record.object);
    }
  }

 private:
  FindingRecord record_of(RecordKind kind, int32_t op) const {
    FindingRecord record{};
    record.kind = kind;
    record.agent = core_.id;
    record.site = op;
    return record;
  }

  void tell_place(RecordKind kind, const void *address, int64_t bytes, int32_t op) {
    FindingRecord record = record_of(kind, op);
    record.object = world_.memory.buffer_at(address);
    record.count = bytes;
    record.first = static_cast<const uint8_t *>(address) - world_.memory.bytes(record.object);
    world_.find(record);
  }

  void poison(int32_t kernel, int32_t buffer, int64_t bytes, int64_t first) {
    FindingRecord record = record_of(RecordKind::poison_read, core_.site);
    record.object = buffer;
    record.detail = kernel;
    record.count = bytes;
    record.first = first;
    world_.find(record);
  }

  World &world_;
  const Agent &core_;
};

}  // namespace ironbird
