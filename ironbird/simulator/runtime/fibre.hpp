// A core's own stack: its program, and kernels that wait inside C++, stop and go on like a thread
// that is only ever run by the simulation. All fibres run on the simulation's thread.
#pragma once

#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdint>
#include <cstdlib>
#include <functional>

#include "guard.hpp"

namespace ironbird {

class Fibre {
 public:
  Fibre() = default;
  Fibre(const Fibre &) = delete;
  Fibre &operator=(const Fibre &) = delete;
  ~Fibre() {
    if (stack_ != nullptr) munmap(stack_, stack_bytes);
  }

  void prepare(std::function<void()> body) {
    body_ = std::move(body);
    void *stack = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) std::abort();
    stack_ = stack;
    mprotect(stack_, guard_bytes, PROT_NONE);
    getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_;
    inside_.uc_stack.ss_size = stack_bytes;
    inside_.uc_link = nullptr;
    const auto self = reinterpret_cast<uintptr_t>(this);
    makecontext(&inside_, reinterpret_cast<void (*)()>(&Fibre::enter), 2,
                static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
  }

  // A context starts a fibre; jumps stop it and go on with it: swapcontext would save the signal
  // mask, two system calls a switch.
  [[gnu::noinline]] void resume() {
    if (_setjmp(outside_) != 0) return;
    if (started_) _longjmp(paused_, 1);
    started_ = true;
    setcontext(&inside_);
  }

  // From inside: back to whoever resumed.
  [[gnu::noinline]] void pause() {
    sigjmp_buf *const mine = active_guard;
    active_guard = nullptr;
    if (_setjmp(paused_) == 0) _longjmp(outside_, 1);
    active_guard = mine;
  }

 private:
  static void enter(unsigned high, unsigned low) {
    Fibre *const self = reinterpret_cast<Fibre *>((static_cast<uintptr_t>(high) << 32) | low);
    self->body_();
    _longjmp(self->outside_, 1);
  }

  // Emulated vector registers live on the stack too, so a kernel needs far more than on the device.
  static constexpr size_t stack_bytes = 4 << 20;
  static constexpr size_t guard_bytes = 4096;
  std::function<void()> body_;
  void *stack_ = nullptr;
  bool started_ = false;
  ucontext_t inside_{};
  jmp_buf paused_{};
  jmp_buf outside_{};
};

}  // namespace ironbird
