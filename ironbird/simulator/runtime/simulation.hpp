// One run of a design: builds the agents, takes events in order, and says how it ended.
//
// The run is finished when the sequence is. What is still under way then goes on until it rests or
// a bounded time has passed, so that leftovers can be told from work in progress.
#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "channel.hpp"
#include "core_agent.hpp"
#include "sequence.hpp"
#include "timing_constants.hpp"

namespace ironbird {

class Simulation {
 public:
  Simulation(const PlanTables &plan, const RunRequest &request)
      : world_{plan, request, {}, {}, {}, {}, {}, {}, {}, false},
        iterations_(plan.descriptor_count) {
    if (request.has_seed) world_.events.seed(request.seed);
    world_.memory.configure(plan, request.arguments, request.poison != 0);
    world_.clocks.enabled = request.races != 0;
    const int32_t agent_count = world_.sequence_agent() + 1;
    world_.clocks.configure(plan, agent_count, plan.buffer_count + plan.argument_count);
    locks_ = std::make_unique<Locks>(world_);
    streams_ = std::make_unique<Streams>(world_);
    scratch_ = std::make_unique<Scratch>(world_);
    pool_ = std::make_unique<Pool>(request.threads - 1);
    for (int32_t index = 0; index < plan.descriptor_count; ++index)
      iterations_[index] = plan.descriptors[index].iteration_current;
    make_agents();
  }

  void run() {
    const Handlers handlers;
    start();
    const int64_t limit = world_.request.cycle_limit;
    int64_t deadline = limit;
    while (!world_.events.empty() && !world_.stop) {
      if (!finished_ && sequence_->done()) {
        finished_ = true;
        finish_time_ = world_.finished_at = world_.events.now;
        deadline = finish_time_ + timing::drain_cycles;
      }
      if (world_.events.next_time() > deadline) {
        if (!finished_) over_limit();
        break;
      }
      if (interrupted) {
        interrupt();
        break;
      }
      const int32_t agent = world_.events.pop();
      if (!streams_->finish(agent)) world_.agents[agent]->resume();
    }
    if (!finished_ && sequence_->done()) {
      finished_ = true;
      finish_time_ = world_.events.now;
    }
    if (world_.stop) finished_ = false;
    if (interrupted) interrupt();
    drop_jobs();
    check_outputs();
    check_remaining_zones();
  }

  void fill(RunReport &report) const {
    report.finished = finished_;
    report.rested = world_.events.empty();
    report.cycles = finished_ ? finish_time_ : world_.events.now;
    report.events = world_.events.taken;
    report.finding_count = static_cast<int32_t>(world_.findings.size());
    report.findings = copied(world_.findings);
    report.trace_count = static_cast<int64_t>(world_.trace.size());
    report.trace = copied(world_.trace);
    std::vector<AgentRecord> agents;
    for (const auto &agent : world_.agents) agents.push_back(record_of(*agent));
    report.agent_count = static_cast<int32_t>(agents.size());
    report.agents = copied(agents);
    std::vector<int32_t> locks;
    for (int32_t lock = 0; lock < world_.plan.lock_count; ++lock)
      locks.push_back(locks_->value(lock));
    report.lock_count = world_.plan.lock_count;
    report.locks = copied(locks);
    std::vector<int64_t> calls(world_.plan.kernel_count, 0);
    std::vector<int64_t> cycles(world_.plan.kernel_count, 0);
    for (const CoreAgent *core : cores_) {
      for (int32_t kernel = 0; kernel < world_.plan.kernel_count; ++kernel) {
        calls[kernel] += core->kernel_calls[kernel];
        cycles[kernel] += core->kernel_busy[kernel];
      }
    }
    report.kernel_count = world_.plan.kernel_count;
    report.kernel_calls = copied(calls);
    report.kernel_cycles = copied(cycles);
  }

 private:
  template <typename Item>
  static Item *copied(const std::vector<Item> &items) {
    auto *copy = static_cast<Item *>(std::malloc(items.size() * sizeof(Item) + 1));
    std::copy(items.begin(), items.end(), copy);
    return copy;
  }

  void make_agents() {
    const PlanTables &plan = world_.plan;
    for (int32_t index = 0; index < plan.core_count; ++index) {
      auto core = std::make_unique<CoreAgent>(world_, *locks_, *streams_, *scratch_, *pool_, index);
      cores_.push_back(core.get());
      world_.agents.push_back(std::move(core));
    }
    for (int32_t index = 0; index < plan.channel_count; ++index) {
      auto channel = std::make_unique<Channel>(world_, *locks_, *streams_, iterations_, index);
      channel->changed = [this, index] { sequence_->channel_changed(index); };
      channels_.push_back(channel.get());
      world_.agents.push_back(std::move(channel));
    }
    auto sequence = std::make_unique<Sequence>(
        world_, *locks_, [this](int32_t index) -> Channel & { return *channels_[index]; });
    sequence_ = sequence.get();
    world_.agents.push_back(std::move(sequence));
    cascades_.resize(plan.cascade_count);
    for (int32_t index = 0; index < plan.cascade_count; ++index) {
      Cascade &cascade = cascades_[index];
      cascade.source = plan.cascades[index].source_core;
      cascade.destination = plan.cascades[index].destination_core;
      cores_[cascade.source]->cascade_out = &cascade;
      cores_[cascade.destination]->cascade_in = &cascade;
    }
    for (int32_t port = 0; port < plan.source_count; ++port) bind(plan.sources[port], port, true);
    for (int32_t port = 0; port < plan.sink_count; ++port) bind(plan.sinks[port], port, false);
    for (CoreAgent *core : cores_) core->connect();
  }

  void bind(const PortRow &row, int32_t port, bool source) {
    if (row.channel >= 0) {
      Channel &channel = *channels_[row.channel];
      channel.port = port;
      if (source) {
        streams_->bind_source(port, channel, channel.id);
      } else {
        streams_->bind_sink(port, channel, channel.id);
      }
      return;
    }
    CoreAgent &core = *cores_[row.core];
    auto &ports = source ? core.stream_sources : core.stream_sinks;
    if (static_cast<int32_t>(ports.size()) <= row.index) ports.resize(row.index + 1, -1);
    ports[row.index] = port;
    if (source) {
      streams_->bind_source(port, core, core.id);
    } else {
      streams_->bind_sink(port, core, core.id);
    }
  }

  void start() {
    for (int32_t index = 0; index < world_.plan.channel_count; ++index) {
      const ChannelRow &row = world_.plan.channels[index];
      if (row.first >= 0) channels_[index]->push({-1, row.first, row.repeat_count, false, nullptr});
    }
    for (CoreAgent *core : cores_) world_.wake(core->id);
    sequence_->begin();
  }

  AgentRecord record_of(const Agent &agent) const {
    AgentRecord record{};
    record.wait = agent.wait;
    record.object = agent.wait_object;
    record.count = agent.wait_count;
    record.site = agent.site;
    record.task = -1;
    if (const auto *channel = dynamic_cast<const Channel *>(&agent)) {
      record.task = channel->task();
      record.site = channel->descriptor();
      record.queued = static_cast<int32_t>(channel->queued());
      if (agent.wait == WaitKind::send && channel->port >= 0)
        record.bytes_left = streams_->left(streams_->source(channel->port));
      if (agent.wait == WaitKind::receive && channel->port >= 0) {
        const Streams::Sink &sink = streams_->sink(channel->port);
        record.bytes_left = sink.offer.byte_count - sink.received;
      }
    }
    return record;
  }

  // The memories outlive the pool's threads only if no kernel is under way.
  void drop_jobs() { pool_.reset(); }

  void over_limit() {
    FindingRecord record{};
    record.kind = RecordKind::cycle_limit;
    record.agent = -1;
    record.count = world_.request.cycle_limit;
    world_.find(record);
  }

  void interrupt() {
    FindingRecord record{};
    record.kind = RecordKind::interrupted;
    record.agent = -1;
    record.count = world_.events.now;
    for (const FindingRecord &known : world_.findings)
      if (known.kind == RecordKind::interrupted) return;
    world_.find(record);
    finished_ = false;
  }

  void check_outputs() {
    if (!finished_) return;
    for (int32_t argument = 0; argument < world_.plan.argument_count; ++argument) {
      if (!world_.memory.has_shadow(~argument) || world_.memory.fully_written(~argument)) continue;
      const uint8_t *shadow = world_.memory.shadow(~argument);
      const int64_t bytes = world_.memory.byte_count(~argument);
      FindingRecord record{};
      record.kind = RecordKind::unwritten_output;
      record.agent = -1;
      record.object = argument;
      record.count = world_.memory.unwritten_bytes(~argument);
      record.first = std::find(shadow, shadow + bytes, unwritten) - shadow;
      world_.find(record);
    }
  }

  // Zones that no kernel call answered for: a core's own stores.
  void check_remaining_zones() {
    if (!world_.request.red_zones || world_.stop) return;
    for (int32_t buffer = 0; buffer < world_.plan.buffer_count; ++buffer) {
      int64_t first = 0;
      const int64_t broken = world_.memory.broken_zone_bytes(buffer, first);
      if (broken == 0) continue;
      FindingRecord record{};
      record.kind = RecordKind::write_past_buffer;
      record.agent = -1;
      record.site = -1;
      record.object = buffer;
      record.detail = -1;
      record.count = broken;
      record.first = first;
      world_.find(record);
    }
  }

  World world_;
  Iterations iterations_;
  std::unique_ptr<Locks> locks_;
  std::unique_ptr<Streams> streams_;
  std::unique_ptr<Scratch> scratch_;
  std::unique_ptr<Pool> pool_;
  std::vector<CoreAgent *> cores_;
  std::vector<Channel *> channels_;
  std::vector<Cascade> cascades_;
  Sequence *sequence_ = nullptr;
  bool finished_ = false;
  int64_t finish_time_ = 0;
};

}  // namespace ironbird
