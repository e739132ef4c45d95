// The runtime sequence: the host's controller takes its steps one after the other.
#pragma once

#include <cstring>
#include <functional>

#include "channel.hpp"

namespace ironbird {

class Sequence final : public Agent {
 public:
  Sequence(World &world, Locks &locks, std::function<Channel &(int32_t)> channel)
      : world_(world), locks_(locks), channel_(std::move(channel)) {
    id = world.sequence_agent();
    awaited_.assign(world.plan.channel_count, 0);
  }

  bool done() const { return wait == WaitKind::ended; }

  // The first event: the first step's cycles pass before it takes effect.
  void begin() { pay(); }

  void resume() override {
    if (done()) return;
    wait = WaitKind::running;
    if (!take(world_.plan.steps[step_])) return;
    ++step_;
    pay();
  }

  // A channel sent a token or has room for a task.
  void channel_changed(int32_t channel) {
    if (wait_object != channel) return;
    const bool token = wait == WaitKind::token && channel_(channel).tokens > awaited_[channel];
    const bool room = wait == WaitKind::queue && channel_(channel).has_room();
    if (!token && !room) return;
    wait = WaitKind::running;
    world_.wake(id);
  }

 private:
  void pay() {
    if (step_ == world_.plan.step_count) {
      wait = WaitKind::ended;
      return;
    }
    site = step_;
    world_.wake(id, world_.plan.steps[step_].cycles);
  }

  bool take(const StepRow &step) {
    switch (step.kind) {
      case StepKind::start_task: {
        Channel &channel = channel_(step.object);
        if (!channel.has_room()) {
          world_.blocks(*this, WaitKind::queue, step.object);
          return false;
        }
        channel.push(
            {step.task, step.first, step.repeat_count, step.token != 0, world_.clocks.publish(id)});
        return true;
      }
      case StepKind::await_token: {
        Channel &channel = channel_(step.object);
        if (channel.tokens <= awaited_[step.object]) {
          world_.blocks(*this, WaitKind::token, step.object);
          return false;
        }
        world_.clocks.hear(id, channel.token_clocks[awaited_[step.object]]);
        ++awaited_[step.object];
        return true;
      }
      case StepKind::write_buffer: {
        world_.access(id, step.object, ~id, true, step_);
        std::memcpy(world_.memory.bytes(step.object) + step.offset_bytes, step.content,
                    step.byte_count);
        std::memset(world_.memory.shadow(step.object) + step.offset_bytes, written,
                    step.byte_count);
        world_.memory.recount(step.object);
        return true;
      }
      case StepKind::set_lock:
        locks_.set(*this, step.object, step.value);
        return true;
    }
    return true;
  }

  World &world_;
  Locks &locks_;
  std::function<Channel &(int32_t)> channel_;
  std::vector<int32_t> awaited_;
  int32_t step_ = 0;
};

}  // namespace ironbird
