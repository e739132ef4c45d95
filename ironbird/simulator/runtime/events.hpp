// Simulated time: a queue of (time, order, serial, agent). With a seed, simultaneous events come in
// a random order and some come late; without one, in the order they were made.
#pragma once

#include <cstdint>
#include <queue>
#include <tuple>
#include <vector>

namespace ironbird {

// splitmix64: ironbird/simulator/interpreter/events.py has the same numbers.
struct Random {
  uint64_t state = 0;

  uint64_t next() {
    state += 0x9E3779B97F4A7C15ull;
    uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ull;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBull;
    return mixed ^ (mixed >> 31);
  }
};

struct Event {
  int64_t time;
  uint64_t order;
  uint64_t serial;
  int32_t agent;

  bool operator>(const Event &other) const {
    return std::tie(time, order, serial) > std::tie(other.time, other.order, other.serial);
  }
};

class Events {
 public:
  int64_t now = 0;
  int64_t taken = 0;

  void seed(uint64_t value) {
    seeded_ = true;
    random_.state = value;
  }

  void push(int64_t time, int32_t agent) {
    uint64_t order = 0;
    if (seeded_) {
      const uint64_t drawn = random_.next();
      // One event in eight comes up to 255 cycles late.
      if ((drawn & 7) == 0) time += (drawn >> 8) & 255;
      order = drawn >> 32;
    }
    queue_.push({time, order, serial_++, agent});
  }

  bool empty() const { return queue_.empty(); }
  int64_t next_time() const { return queue_.top().time; }

  int32_t pop() {
    const Event event = queue_.top();
    queue_.pop();
    now = event.time;
    ++taken;
    return event.agent;
  }

 private:
  bool seeded_ = false;
  Random random_;
  uint64_t serial_ = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
};

}  // namespace ironbird
