// What all agents share: the plan, time, memory, clocks, and the book of findings.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "clocks.hpp"
#include "events.hpp"
#include "memory.hpp"
#include "report.hpp"
#include "tables.hpp"

namespace ironbird {

// A core, a DMA channel or the sequence: whatever acts, waits, and is woken by an event.
struct Agent {
  int32_t id = 0;
  WaitKind wait = WaitKind::running;
  int32_t wait_object = -1;
  int32_t wait_count = 0;
  int64_t wait_since = 0;
  int32_t site = -1;
  SharedClock heard;  // from whoever woke it

  virtual ~Agent() = default;
  virtual void resume() = 0;
};

struct World {
  const PlanTables &plan;
  const RunRequest &request;
  Events events;
  Memory memory;
  Clocks clocks;
  std::vector<std::unique_ptr<Agent>> agents;
  std::vector<FindingRecord> findings;
  std::vector<TraceRecord> trace;
  std::set<std::tuple<int32_t, int32_t, int32_t, int32_t>> told;
  bool stop = false;
  int64_t finished_at = -1;  // when the sequence ended; -1: it has not

  int32_t channel_agent(int32_t channel) const { return plan.core_count + channel; }
  int32_t sequence_agent() const { return plan.core_count + plan.channel_count; }

  void wake(int32_t agent, int64_t after = 0) { events.push(events.now + after, agent); }

  void blocks(Agent &agent, WaitKind kind, int32_t object, int32_t count = 0) {
    agent.wait = kind;
    agent.wait_object = object;
    agent.wait_count = count;
    agent.wait_since = events.now;
  }

  // Each defect is told once: by kind, agent, object and what else tells it apart.
  void find(const FindingRecord &record) {
    const auto key = std::make_tuple(static_cast<int32_t>(record.kind), record.agent, record.object,
                                     record.detail);
    if (told.insert(key).second) findings.push_back(record);
  }

  void access(int32_t agent, int32_t memory_id, int32_t accessor, bool write, int32_t site) {
    if (!clocks.enabled) return;
    const Access mine{agent, accessor, write, 0, site};
    const Conflict conflict = clocks.record(memory.index(memory_id), mine);
    if (!conflict.found) return;
    FindingRecord record{};
    record.kind = RecordKind::race;
    record.agent = agent;
    record.site = site;
    record.object = memory_id;
    record.other_agent = conflict.earlier.agent;
    record.other_site = conflict.earlier.site;
    record.detail = conflict.earlier.agent;
    record.count = write;
    record.first = conflict.earlier.write;
    find(record);
  }

  void note(int32_t agent, TraceKind kind, int32_t object, int64_t start, int64_t end) {
    if (static_cast<int32_t>(kind) < request.traced_kinds)
      trace.push_back({agent, static_cast<int32_t>(kind), object, start, end});
  }
};

}  // namespace ironbird
