// Threads that run kernels while simulated time moves on. Whoever needs a result that no thread has
// begun computes it itself, so a pool without threads works too.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "guard.hpp"

namespace ironbird {

struct Job {
  std::function<void()> work;
  enum class State { waiting, running, done } state = State::done;
};

class Pool {
 public:
  explicit Pool(int32_t threads) : thread_count_(threads) {}
  ~Pool() {
    {
      std::unique_lock hold(mutex_);
      closing_ = true;
      waiting_.clear();
      while (running_ > 0) wait_for_threads(hold);
    }
    posted_.notify_all();
    for (std::thread &thread : threads_) thread.join();
  }
  Pool(const Pool &) = delete;
  Pool &operator=(const Pool &) = delete;

  void post(Job &job) {
    if (threads_.empty()) {
      for (int32_t thread = 0; thread < thread_count_; ++thread)
        threads_.emplace_back([this] { serve(); });
    }
    {
      const std::lock_guard hold(mutex_);
      job.state = Job::State::waiting;
      waiting_.push_back(&job);
    }
    posted_.notify_one();
  }

  // Returns once `job` is done; runs it here if nobody has begun.
  void finish(Job &job) {
    std::unique_lock hold(mutex_);
    if (job.state == Job::State::waiting) {
      waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &job));
      job.state = Job::State::running;
      hold.unlock();
      job.work();
      hold.lock();
      job.state = Job::State::done;
      return;
    }
    while (job.state != Job::State::done) wait_for_threads(hold);
  }

 private:
  // An interrupt ends the kernels that threads are running, however long they would take.
  void wait_for_threads(std::unique_lock<std::mutex> &hold) {
    finished_.wait_for(hold, std::chrono::milliseconds(20));
    if (!interrupted || running_ == 0) return;
    for (std::thread &thread : threads_) pthread_kill(thread.native_handle(), SIGINT);
  }

  void serve() {
    const HandlerStack stack;
    std::unique_lock hold(mutex_);
    for (;;) {
      posted_.wait(hold, [this] { return closing_ || !waiting_.empty(); });
      if (closing_) return;
      Job &job = *waiting_.front();
      waiting_.pop_front();
      job.state = Job::State::running;
      ++running_;
      hold.unlock();
      job.work();
      hold.lock();
      --running_;
      job.state = Job::State::done;
      finished_.notify_one();
    }
  }

  int32_t thread_count_;
  bool closing_ = false;
  int32_t running_ = 0;  // on the threads
  std::mutex mutex_;
  std::condition_variable posted_;
  std::condition_variable finished_;
  std::deque<Job *> waiting_;
  std::vector<std::thread> threads_;
};

}  // namespace ironbird
