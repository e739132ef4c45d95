// Semaphores of 6 bits: 0..63, saturating (overflow is an assumption: xdna-emu; no vendor
// statement). Whoever waits is served in the order of arrival, as far as the value goes.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "world.hpp"

namespace ironbird {

constexpr int32_t largest_lock_value = 63;

class Locks {
 public:
  explicit Locks(World &world) : world_(world), locks_(world.plan.lock_count) {
    for (int32_t lock = 0; lock < world.plan.lock_count; ++lock)
      locks_[lock].units.assign(world.plan.locks[lock].initial, nullptr);
  }

  int32_t value(int32_t lock) const { return static_cast<int32_t>(locks_[lock].units.size()); }

  // True if taken at once; else the agent is woken when it has been.
  bool acquire(Agent &agent, int32_t lock, LockAction action, int32_t count, bool blocking = true) {
    if (locks_[lock].waiting.empty() && can_take(lock, action, count)) {
      take(agent.id, lock, count);
      return true;
    }
    if (!blocking) return false;
    locks_[lock].waiting.push_back({agent.id, action, count});
    world_.blocks(agent, WaitKind::lock, lock, count);
    return false;
  }

  void release(Agent &agent, int32_t lock, int32_t count) {
    const SharedClock clock = world_.clocks.publish(agent.id);
    if (value(lock) + count > largest_lock_value) {
      FindingRecord record{};
      record.kind = RecordKind::lock_overflow;
      record.agent = agent.id;
      record.site = agent.site;
      record.object = lock;
      record.detail = 0;
      record.count = value(lock) + count;
      world_.find(record);
    }
    for (int32_t unit = 0; unit < count && value(lock) < largest_lock_value; ++unit)
      locks_[lock].units.push_back(clock);
    serve(lock);
  }

  void set(Agent &agent, int32_t lock, int32_t value) {
    const SharedClock clock = world_.clocks.publish(agent.id);
    locks_[lock].units.assign(value, clock);
    serve(lock);
  }

 private:
  struct Waiter {
    int32_t agent;
    LockAction action;
    int32_t count;
  };
  struct State {
    std::deque<SharedClock> units;
    std::deque<Waiter> waiting;
  };

  bool can_take(int32_t lock, LockAction action, int32_t count) const {
    return action == LockAction::acquire_eq ? value(lock) == count : value(lock) >= count;
  }

  void take(int32_t agent, int32_t lock, int32_t count) {
    for (int32_t unit = 0; unit < count; ++unit) {
      world_.clocks.hear(agent, locks_[lock].units.front());
      locks_[lock].units.pop_front();
    }
  }

  void serve(int32_t lock) {
    auto &waiting = locks_[lock].waiting;
    for (auto waiter = waiting.begin(); waiter != waiting.end();) {
      if (!can_take(lock, waiter->action, waiter->count)) {
        ++waiter;
        continue;
      }
      take(waiter->agent, lock, waiter->count);
      world_.wake(waiter->agent);
      waiter = waiting.erase(waiter);
    }
  }

  World &world_;
  std::vector<State> locks_;
};

}  // namespace ironbird
