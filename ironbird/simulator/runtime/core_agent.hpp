// A core: its program runs on a fibre at full speed, and meets simulated time only where it uses a
// lock, a stream or the cascade, or calls a kernel.
//
// A kernel's cycles are known before it runs (scratch.hpp), so its work goes to the pool and the
// core sleeps that long. On cores with a cascade or a stream, and where a trial saw the kernel wait
// for something, it runs on the core's own fibre instead: it starts, waits for neighbours where it
// has to, and its cycles pass when it has ended.
#pragma once

#include <cstdint>
#include <cstring>

#include "core_api.hpp"
#include "core_checks.hpp"
#include "fibre.hpp"
#include "locks.hpp"
#include "pool.hpp"
#include "scratch.hpp"
#include "streams.hpp"
#include "timing_constants.hpp"
#include "world.hpp"

namespace ironbird {

// The cascade between two cores: two words on each side (AM020 ch4).
struct Cascade {
  struct Word {
    uint8_t bytes[64];
    SharedClock clock;
  };
  std::deque<Word> words;
  int32_t source = -1, destination = -1;
};
constexpr size_t cascade_depth = 4;

struct CoreAgent final : Agent, StreamEnd {
  CoreAgent(World &world, Locks &locks, Streams &streams, Scratch &scratch, Pool &pool,
            int32_t index)
      : checks(world, *this),
        world_(world),
        locks_(locks),
        streams_(streams),
        scratch_(scratch),
        pool_(pool),
        row_(world.plan.cores[index]) {
    id = index;
    state_.column = row_.column;
    state_.row = row_.row;
    state_.host = this;
    using Bind = void (*)(CoreState *);
    if (void *binder = world.request.binders[index]; binder != nullptr)
      reinterpret_cast<Bind>(binder)(&state_);
    state_.lock_acquire = [](void *self, int32_t lock, int32_t value) {
      static_cast<CoreAgent *>(self)->lock_intrinsic(lock, value, false);
    };
    state_.lock_release = [](void *self, int32_t lock, int32_t value) {
      static_cast<CoreAgent *>(self)->lock_intrinsic(lock, value, true);
    };
    for (int32_t local = 0; local < row_.buffer_count; ++local)
      buffers_.push_back(local_buffer(local));
    api_.agent_ = this;
    api_.buffers_ = buffers_.data();
    api_.shadow_offset_ = world.memory.shadow_offset();
    fibre_.prepare([this] {
      const int signal_number = guarded([this] { row_.program(api_); });
      if (signal_number != 0) crashed(-1, signal_number);
      wait = WaitKind::ended;
    });
  }

  CoreChecks checks;
  Cascade *cascade_in = nullptr;
  Cascade *cascade_out = nullptr;
  std::vector<int32_t> stream_sources;  // by port
  std::vector<int32_t> stream_sinks;
  std::vector<int64_t> kernel_calls;
  std::vector<int64_t> kernel_busy;

  void connect() {
    kernel_calls.assign(world_.plan.kernel_count, 0);
    kernel_busy.assign(world_.plan.kernel_count, 0);
    inline_kernels_ = cascade_in || cascade_out || !stream_sources.empty() || !stream_sinks.empty();
    state_.cascade_read = [](void *self, void *bytes) {
      static_cast<CoreAgent *>(self)->take_cascade(bytes);
    };
    state_.cascade_write = [](void *self, const void *bytes) {
      static_cast<CoreAgent *>(self)->give_cascade(bytes);
    };
    state_.stream_read = [](void *self, int32_t port, bool *last) {
      if (last != nullptr) *last = false;
      return static_cast<CoreAgent *>(self)->take_word(port);
    };
    state_.stream_write = [](void *self, int32_t port, uint32_t word, bool) {
      static_cast<CoreAgent *>(self)->give_word(port, word);
    };
  }

  void resume() override {
    if (wait == WaitKind::ended) return;
    if (wait == WaitKind::lock) note_wait(TraceKind::lock_wait);
    if (wait == WaitKind::send || wait == WaitKind::receive) note_wait(TraceKind::stream_wait);
    wait = WaitKind::running;
    fibre_.resume();
  }

  void transfer_done() override { world_.wake(id); }

  bool all_written(BufferSet buffers) const {
    for (int32_t local = 0; local < row_.buffer_count; ++local)
      if ((buffers >> local & 1) != 0 && !world_.memory.fully_written(row_.buffers[local]))
        return false;
    return true;
  }

  void use_lock(const Section &section, int32_t local, LockAction action, int32_t count,
                bool blocking, int32_t op) {
    pass(section, timing::lock_cycles);
    site = op;
    const int32_t lock = row_.locks[local];
    note_lock(lock, action == LockAction::release);
    if (action == LockAction::release) {
      locks_.release(*this, lock, count);
    } else if (!locks_.acquire(*this, lock, action, count, blocking) && blocking) {
      pause();
    }
  }

  void call(const Section &section, int32_t kernel, const Slot *arguments, Slot *result,
            int32_t op) {
    pass(section, 0);
    site = op;
    const KernelRow &row = world_.plan.kernels[kernel];
    const Trial trial = scratch_.inspect(kernel, state_, arguments);
    if (trial.crash_signal != 0) return crashed(kernel, trial.crash_signal);
    checks.trial(trial, kernel);
    note_accesses(row, trial.traits.written_mask, arguments);
    const int64_t start = world_.events.now;
    void *function = world_.request.kernel_functions[id * world_.plan.kernel_count + kernel];
    crash_signal_ = 0;
    const auto work = [&] {
      crash_signal_ = guarded([&] { row.call(function, arguments, result); });
    };
    const bool pooled = world_.request.threads > 1 && !inline_kernels_ &&
                        !trial.traits.communicates && trial.traits.cycles >= timing::pooled_cycles;
    if (pooled) {
      job_.work = work;
      pool_.post(job_);
    } else {
      work();
    }
    sleep(trial.traits.cycles);
    if (pooled) pool_.finish(job_);
    ++kernel_calls[kernel];
    kernel_busy[kernel] += world_.events.now - start;
    world_.note(id, TraceKind::kernel, kernel, start, world_.events.now);
    note_inside(trial.traits, kernel, start);
    if (crash_signal_ != 0) return crashed(kernel, crash_signal_);
    for (const PoisonVerdict &verdict : trial.verdicts) {
      std::memcpy(world_.memory.shadow(verdict.buffer), verdict.shadow.data(),
                  verdict.shadow.size());
      world_.memory.recount(verdict.buffer);
    }
    checks.zones(row, kernel, arguments);
  }

  void put_cascade(const Section &section, const void *bytes, int32_t op) {
    pass(section, timing::cascade_cycles);
    site = op;
    give_cascade(bytes);
  }

  void get_cascade(const Section &section, void *bytes, int32_t op) {
    pass(section, timing::cascade_cycles);
    site = op;
    take_cascade(bytes);
  }

  void put_stream(const Section &section, int32_t port, uint32_t word, int32_t op) {
    pass(section, timing::stream_access_cycles);
    site = op;
    give_word(port, word);
  }

  uint32_t get_stream(const Section &section, int32_t port, int32_t op) {
    pass(section, timing::stream_access_cycles);
    site = op;
    return take_word(port);
  }

  void mark_event(const Section &section, int32_t number, int32_t) {
    pass(section, 1);
    world_.note(id, TraceKind::event, number, world_.events.now, world_.events.now);
  }

  // Loops that may never end let time pass now and then.
  void breathe(Section &section) {
    if (section.cycles < timing::patience_cycles) return;
    pass(section.take(), 0);
  }

  void end(const Section &section) { pass(section, 0); }

  // Memory of the program's own that starts anew: whatever it held is lost.
  void forget(int32_t local) { world_.memory.forget(row_.buffers[local], world_.request.poison); }

  void index_outside(int64_t index, int64_t size, int32_t axis, bool is_store, int32_t local,
                     int32_t op) {
    checks.index_outside(index, size, axis, is_store, row_.buffers[local], op);
  }

 private:
  void *local_buffer(int32_t local) {
    return row_.buffers[local] < 0 ? nullptr : world_.memory.bytes(row_.buffers[local]);
  }

  void pause() { fibre_.pause(); }

  void sleep(int64_t cycles) {
    world_.wake(id, cycles);
    pause();
  }

  // Time catches up with what the program did.
  void pass(const Section &section, int64_t cycles) {
    for (int32_t local = 0; local < row_.buffer_count; ++local) {
      const bool wrote = (section.writes >> local & 1) != 0;
      if (wrote || (section.reads >> local & 1) != 0)
        world_.access(id, row_.buffers[local], ~id, wrote, site);
    }
    if (section.cycles + cycles > 0) sleep(section.cycles + cycles);
  }

  void give_cascade(const void *bytes) {
    if (cascade_out == nullptr) lacks(Link::cascade_out);
    while (cascade_out->words.size() >= cascade_depth) {
      world_.blocks(*this, WaitKind::cascade_put, cascade_out->destination);
      pause();
      note_wait(TraceKind::cascade_wait);
    }
    Cascade::Word word;
    std::memcpy(word.bytes, bytes, 64);
    word.clock = world_.clocks.publish(id);
    cascade_out->words.push_back(word);
    const Agent &reader = *world_.agents[cascade_out->destination];
    if (reader.wait == WaitKind::cascade_get) wake_from_cascade(cascade_out->destination);
  }

  void take_cascade(void *bytes) {
    if (cascade_in == nullptr) lacks(Link::cascade_in);
    while (cascade_in->words.empty()) {
      world_.blocks(*this, WaitKind::cascade_get, cascade_in->source);
      pause();
      note_wait(TraceKind::cascade_wait);
    }
    const Cascade::Word word = cascade_in->words.front();
    cascade_in->words.pop_front();
    std::memcpy(bytes, word.bytes, 64);
    world_.clocks.hear(id, word.clock);
    const Agent &writer = *world_.agents[cascade_in->source];
    if (writer.wait == WaitKind::cascade_put) wake_from_cascade(cascade_in->source);
  }

  void wake_from_cascade(int32_t neighbour) {
    world_.agents[neighbour]->wait = WaitKind::running;
    world_.wake(neighbour, 1);
  }

  void give_word(int32_t port, uint32_t word) {
    if (!is_routed(stream_sources, port)) lacks(Link::stream_out, port);
    Offer offer;
    offer.word = word;
    world_.blocks(*this, WaitKind::send, stream_sources[port]);
    streams_.send(stream_sources[port], offer);
    pause();
  }

  uint32_t take_word(int32_t port) {
    if (!is_routed(stream_sinks, port)) lacks(Link::stream_in, port);
    world_.blocks(*this, WaitKind::receive, stream_sinks[port]);
    streams_.receive(stream_sinks[port], Offer{});
    pause();
    return streams_.received_word(stream_sinks[port]);
  }

  static bool is_routed(const std::vector<int32_t> &ports, int32_t port) {
    return port >= 0 && port < static_cast<int32_t>(ports.size()) && ports[port] >= 0;
  }

  // Ends the kernel, or the core's own code, as a crash does; `number` of the port or lock.
  [[noreturn]] void lacks(Link link, int32_t number = 0) {
    missing_link_ = link;
    missing_number_ = number;
    siglongjmp(*active_guard, SIGABRT);
  }

  // A kernel's own use of a lock, numbered as the core sees them. A negative value means
  // greater-equal; a lock that the plan does not have ends the kernel.
  void lock_intrinsic(int32_t number, int32_t value, bool release) {
    const int32_t lock = number >= 0 && number < 64 ? row_.visible_locks[number] : -1;
    if (lock < 0) lacks(Link::lock, number);
    sleep(timing::lock_cycles);
    note_lock(lock, release);
    if (release) return locks_.release(*this, lock, value);
    const LockAction action = value < 0 ? LockAction::acquire_ge : LockAction::acquire_eq;
    if (!locks_.acquire(*this, lock, action, value < 0 ? -value : value)) pause();
  }

  void note_wait(TraceKind kind) {
    world_.note(id, kind, wait_object, wait_since, world_.events.now);
  }

  void note_lock(int32_t lock, bool release) {
    const int64_t now = world_.events.now;
    world_.note(id, release ? TraceKind::lock_release : TraceKind::lock_request, lock, now, now);
  }

  // What the trial saw inside the kernel, at the cycles that its counts came to.
  void note_inside(const KernelTraits &traits, int32_t kernel, int64_t start) {
    for (const KernelEvent &event : traits.events)
      world_.note(id, TraceKind::event, event.number, start + event.cycle, start + event.cycle);
    if (traits.vector_operations > 0)
      world_.note(id, TraceKind::vector_work, kernel, start, start + traits.vector_operations);
  }

  void note_accesses(const KernelRow &row, uint64_t written_mask, const Slot *arguments) {
    for (int32_t index = 0; index < row.argument_count; ++index) {
      if ((row.pointer_mask >> index & 1) == 0) continue;
      const int32_t buffer = world_.memory.buffer_at(arguments[index].pointer);
      world_.access(id, buffer, ~id, (written_mask >> index & 1) != 0, site);
    }
  }

  void crashed(int32_t kernel, int signal_number) {
    FindingRecord record{};
    record.kind = signal_number == SIGINT ? RecordKind::interrupted : RecordKind::crashed_kernel;
    record.agent = id;
    record.site = site;
    record.object = kernel;
    record.count = signal_number;
    if (missing_link_ != Link::none) {
      record.kind = RecordKind::missing_link;
      record.detail = static_cast<int32_t>(missing_link_);
      record.count = missing_number_;
    }
    world_.find(record);
    world_.stop = true;
    pause();
  }

  World &world_;
  Locks &locks_;
  Streams &streams_;
  Scratch &scratch_;
  Pool &pool_;
  const CoreRow &row_;
  CoreApi api_;
  std::vector<void *> buffers_;
  CoreState state_{};
  Fibre fibre_;
  Job job_;
  int crash_signal_ = 0;
  Link missing_link_ = Link::none;
  int32_t missing_number_ = 0;
  bool inline_kernels_ = false;
};

}  // namespace ironbird
