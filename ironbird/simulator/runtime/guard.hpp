// Runs a kernel so that its crash, or Ctrl-C, comes back as an outcome and the process lives.
#pragma once

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace ironbird {

// Where a signal on this thread returns to, while a kernel runs.
inline thread_local sigjmp_buf *active_guard = nullptr;
inline std::atomic<bool> interrupted{false};
inline pthread_t simulation_thread;

constexpr int guarded_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int guarded_signal_count = 5;
inline struct sigaction previous_actions[guarded_signal_count];

inline void on_crash(int signal_number) {
  if (active_guard != nullptr) siglongjmp(*active_guard, signal_number);
  // Not a kernel's: hand it to whoever had it before, by repeating the instruction.
  for (int index = 0; index < guarded_signal_count; ++index)
    if (guarded_signals[index] == signal_number)
      sigaction(signal_number, &previous_actions[index], nullptr);
}

inline void on_interrupt(int) {
  interrupted = true;
  if (!pthread_equal(pthread_self(), simulation_thread)) pthread_kill(simulation_thread, SIGINT);
  if (active_guard != nullptr) siglongjmp(*active_guard, SIGINT);
}

// A stack for handlers of this thread: a kernel that overran its own stack has none left.
class HandlerStack {
 public:
  HandlerStack() : memory_(new uint8_t[stack_bytes]) {
    const stack_t mine{memory_.get(), 0, stack_bytes};
    sigaltstack(&mine, &previous_);
  }
  ~HandlerStack() { sigaltstack(&previous_, nullptr); }
  HandlerStack(const HandlerStack &) = delete;
  HandlerStack &operator=(const HandlerStack &) = delete;

 private:
  static constexpr size_t stack_bytes = 64 * 1024;
  std::unique_ptr<uint8_t[]> memory_;
  stack_t previous_{};
};

// The process's signal handlers, for as long as a run lasts.
class Handlers {
 public:
  Handlers() {
    interrupted = false;
    simulation_thread = pthread_self();
    struct sigaction crash{};
    crash.sa_handler = on_crash;
    crash.sa_flags = SA_ONSTACK | SA_NODEFER;
    for (int index = 0; index < guarded_signal_count; ++index)
      sigaction(guarded_signals[index], &crash, &previous_actions[index]);
    sigaction(SIGINT, nullptr, &previous_interrupt_);
    if (previous_interrupt_.sa_handler == SIG_IGN) return;
    struct sigaction interrupt{};
    interrupt.sa_handler = on_interrupt;
    interrupt.sa_flags = SA_ONSTACK | SA_NODEFER;
    sigaction(SIGINT, &interrupt, nullptr);
  }
  ~Handlers() {
    for (int index = 0; index < guarded_signal_count; ++index)
      sigaction(guarded_signals[index], &previous_actions[index], nullptr);
    sigaction(SIGINT, &previous_interrupt_, nullptr);
  }
  Handlers(const Handlers &) = delete;
  Handlers &operator=(const Handlers &) = delete;

 private:
  HandlerStack stack_;
  struct sigaction previous_interrupt_{};
};

// 0 if `work` returned, else the signal that ended it.
template <typename Work>
int guarded(Work &&work) {
  sigjmp_buf here;
  sigjmp_buf *const outer = active_guard;
  const int signal_number = sigsetjmp(here, 1);
  if (signal_number == 0) {
    active_guard = &here;
    work();
  }
  active_guard = outer;
  return signal_number;
}

}  // namespace ironbird
