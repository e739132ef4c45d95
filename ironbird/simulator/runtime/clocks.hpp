// Happens-before. Each agent (core, channel, sequence) has a vector clock; a lock carries one clock
// per unit of its value, first in first out, so the n-th unit taken orders after the n-th unit
// given.
//
// Two accesses to common bytes by different agents, one of them a write, are a race unless their
// clocks order them. The verdict follows from the plan's locks, not from the schedule that was run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "tables.hpp"

namespace ironbird {

using Clock = std::vector<uint32_t>;
using SharedClock = std::shared_ptr<const Clock>;

inline void join(Clock &mine, const Clock &other) {
  const size_t count = mine.size();
  for (size_t agent = 0; agent < count; ++agent) mine[agent] = std::max(mine[agent], other[agent]);
}

struct Access {
  int32_t agent;
  int32_t accessor;  // descriptor, or ~core, or the sequence as ~core_count
  bool write;
  uint32_t epoch;
  int32_t site;
};

struct Conflict {
  Access earlier;
  bool found = false;
};

class Clocks {
 public:
  bool enabled = true;

  void configure(const PlanTables &plan, int32_t agent_count, int32_t memory_count) {
    plan_ = &plan;
    clocks_.assign(agent_count, Clock(agent_count, 0));
    for (int32_t agent = 0; agent < agent_count; ++agent) clocks_[agent][agent] = 1;
    accesses_.assign(memory_count, {});
  }

  // What `agent` did so far, for whoever hears of it; what it does next is not included.
  SharedClock publish(int32_t agent) {
    if (!enabled) return nullptr;
    auto published = std::make_shared<const Clock>(clocks_[agent]);
    ++clocks_[agent][agent];
    return published;
  }

  void hear(int32_t agent, const SharedClock &clock) {
    if (clock) join(clocks_[agent], *clock);
  }

  // The last access that is not ordered before this one and touches common bytes.
  Conflict record(int32_t memory, const Access &access) {
    Conflict conflict;
    bool known = false;
    for (Access &earlier : accesses_[memory]) {
      if (earlier.agent == access.agent) {
        if (earlier.accessor == access.accessor && earlier.write == access.write) {
          earlier.epoch = clocks_[access.agent][access.agent];
          earlier.site = access.site;
          known = true;
        }
        continue;
      }
      if (!(earlier.write || access.write) || conflict.found) continue;
      if (earlier.epoch <= clocks_[access.agent][earlier.agent]) continue;
      if (disjoint(earlier.accessor, access.accessor)) continue;
      conflict = {earlier, true};
    }
    if (!known) {
      Access stamped = access;
      stamped.epoch = clocks_[access.agent][access.agent];
      accesses_[memory].push_back(stamped);
    }
    return conflict;
  }

 private:
  bool disjoint(int32_t first, int32_t second) const {
    if (first < 0 || second < 0) return false;
    const OverlapRow key{std::min(first, second), std::max(first, second)};
    const OverlapRow *end = plan_->disjoint + plan_->disjoint_count;
    return std::binary_search(
        plan_->disjoint, end, key, [](const OverlapRow &left, const OverlapRow &right) {
          return left.first != right.first ? left.first < right.first : left.second < right.second;
        });
  }

  const PlanTables *plan_ = nullptr;
  std::vector<Clock> clocks_;
  std::vector<std::vector<Access>> accesses_;
};

}  // namespace ironbird
