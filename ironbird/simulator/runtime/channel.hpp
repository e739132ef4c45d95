// A DMA channel: tasks in a queue of four, each a chain of descriptors run a number of times; for
// each descriptor acquire, move, release.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "locks.hpp"
#include "streams.hpp"
#include "timing_constants.hpp"
#include "world.hpp"

namespace ironbird {

constexpr size_t task_queue_depth = 4;  // Xilinx aie-rt

struct Task {
  int32_t number;  // of the sequence; -1 for what the configuration started
  int32_t first;
  int64_t runs;
  bool token;
  SharedClock clock;
};

// Iterations of a descriptor's runs so far; a property of the descriptor, not of the channel.
using Iterations = std::vector<int64_t>;

class Channel final : public Agent, public StreamEnd {
 public:
  Channel(World &world, Locks &locks, Streams &streams, Iterations &iterations, int32_t index)
      : world_(world),
        locks_(locks),
        streams_(streams),
        iterations_(iterations),
        row_(world.plan.channels[index]) {
    id = world.channel_agent(index);
    wait = WaitKind::idle;
  }

  int32_t port = -1;  // source or sink, if a route uses the channel
  int32_t tokens = 0;
  std::deque<SharedClock> token_clocks;

  bool has_room() const { return queue_.size() < task_queue_depth; }
  size_t queued() const { return queue_.size(); }
  bool busy() const { return state_ != State::idle; }
  int32_t task() const { return state_ == State::idle ? -1 : task_.number; }
  int32_t descriptor() const { return state_ == State::idle ? -1 : current_; }

  void push(const Task &task) {
    queue_.push_back(task);
    if (state_ == State::idle) next_task();
  }

  void resume() override {
    if (state_ == State::acquiring) note(TraceKind::channel_lock_wait, wait_object, wait_since);
    switch (state_) {
      case State::idle:
        return;
      case State::beginning:
        return acquire();
      case State::acquiring:
        return offer();
      case State::moving:
        return;
    }
  }

  void transfer_done() override {
    const DescriptorRow &row = world_.plan.descriptors[current_];
    site = current_;
    note(TraceKind::descriptor, current_, wait_since);
    if (row.memory < 0 && !row_.is_source && world_.finished_at >= 0) note_late_output(row);
    if (row.release.lock >= 0) locks_.release(*this, row.release.lock, row.release.count);
    if (row.iteration_size > 1)
      iterations_[current_] = (iterations_[current_] + 1) % row.iteration_size;
    if (row.next >= 0) return begin(row.next, timing::descriptor_switch_cycles);
    if (--task_.runs > 0) return begin(task_.first, timing::descriptor_switch_cycles);
    end_task();
  }

  // Called when a task leaves the queue, or a token is sent.
  std::function<void()> changed;

 private:
  enum class State { idle, beginning, acquiring, moving };

  void next_task() {
    if (queue_.empty()) {
      state_ = State::idle;
      wait = WaitKind::idle;
      return;
    }
    task_ = queue_.front();
    queue_.pop_front();
    world_.clocks.hear(id, task_.clock);
    const int32_t cycles = started_ ? row_.restart_cycles : row_.start_cycles;
    started_ = true;
    note(TraceKind::task_started, task_.first, world_.events.now);
    begin(task_.first, cycles);
    if (changed) changed();
  }

  void begin(int32_t descriptor, int64_t cycles) {
    current_ = descriptor;
    state_ = State::beginning;
    wait = WaitKind::running;
    world_.wake(id, cycles);
  }

  void acquire() {
    state_ = State::acquiring;
    site = current_;
    const LockUseRow &use = world_.plan.descriptors[current_].acquire;
    if (use.lock < 0) return offer();
    if (locks_.acquire(*this, use.lock, use.action, use.count)) offer();
  }

  void offer() {
    state_ = State::moving;
    const DescriptorRow &row = world_.plan.descriptors[current_];
    Offer offer;
    offer.memory = row.memory;
    offer.descriptor = &row;
    offer.descriptor_index = current_;
    offer.iteration = iterations_[current_];
    offer.byte_count = row.byte_count;
    world_.blocks(*this, row_.is_source ? WaitKind::send : WaitKind::receive, port);
    if (port < 0) return;
    if (row_.is_source) {
      streams_.send(port, offer);
    } else {
      streams_.receive(port, offer);
    }
  }

  // An argument is written after the sequence has ended, when the host may already read it.
  void note_late_output(const DescriptorRow &row) {
    if (world_.events.now == world_.finished_at) return;
    FindingRecord record{};
    record.kind = RecordKind::unawaited_output;
    record.agent = id;
    record.site = current_;
    record.object = ~row.memory;
    record.count = world_.events.now;
    record.first = world_.finished_at;
    world_.find(record);
  }

  void note(TraceKind kind, int32_t object, int64_t since) {
    world_.note(id, kind, object, since, world_.events.now);
  }

  void end_task() {
    note(TraceKind::task_finished, task_.first, world_.events.now);
    if (task_.token) {
      ++tokens;
      token_clocks.push_back(world_.clocks.publish(id));
    }
    const bool token = task_.token;
    next_task();
    if (token && changed) changed();
  }

  World &world_;
  Locks &locks_;
  Streams &streams_;
  Iterations &iterations_;
  const ChannelRow &row_;
  State state_ = State::idle;
  bool started_ = false;
  std::deque<Task> queue_;
  Task task_{};
  int32_t current_ = -1;
};

}  // namespace ironbird
