// The runtime as one translation unit: the same object for every design of one compiler.
//
// `timing_constants.hpp` is written next to the object by ironbird/simulator/build.py.
#include <cstdlib>

#include "runtime/simulation.hpp"

namespace ironbird {

extern const PlanTables design_tables;

bool CoreApi::all_written(BufferSet buffers) const { return agent_->all_written(buffers); }
void CoreApi::use_lock(const Section &section, int32_t local, LockAction action, int32_t count,
                       bool blocking, int32_t site) {
  agent_->use_lock(section, local, action, count, blocking, site);
}
void CoreApi::call(const Section &section, int32_t kernel, const Slot *arguments, Slot *result,
                   int32_t site) {
  agent_->call(section, kernel, arguments, result, site);
}
void CoreApi::put_cascade(const Section &section, const void *bytes, int32_t site) {
  agent_->put_cascade(section, bytes, site);
}
void CoreApi::get_cascade(const Section &section, void *bytes, int32_t site) {
  agent_->get_cascade(section, bytes, site);
}
void CoreApi::put_stream(const Section &section, int32_t port, uint32_t word, int32_t site) {
  agent_->put_stream(section, port, word, site);
}
uint32_t CoreApi::get_stream(const Section &section, int32_t port, int32_t site) {
  return agent_->get_stream(section, port, site);
}
void CoreApi::mark_event(const Section &section, int32_t number, int32_t site) {
  agent_->mark_event(section, number, site);
}
void CoreApi::breathe(Section &section) { agent_->breathe(section); }
void CoreApi::end(const Section &section) { agent_->end(section); }
void CoreApi::check_load(const void *address, int64_t bytes, int32_t site) {
  agent_->checks.load(address, bytes, site);
}
bool CoreApi::check_store(const void *address, int64_t bytes, int32_t site) {
  return agent_->checks.store(address, bytes, site);
}
void CoreApi::forget(int32_t local) { agent_->forget(local); }
void CoreApi::index_outside(int64_t index, int64_t size, int32_t axis, bool is_store, int32_t local,
                            int32_t site) {
  agent_->index_outside(index, size, axis, is_store, local, site);
}
void CoreApi::undefined(Undefined what, int64_t number, int32_t site) {
  agent_->checks.undefined(what, number, site);
}

}  // namespace ironbird

extern "C" {

[[gnu::visibility("default")]] void ironbird_run(const ironbird::RunRequest *request,
                                                 ironbird::RunReport *report) {
  ironbird::Simulation simulation(ironbird::design_tables, *request);
  simulation.run();
  simulation.fill(*report);
}

[[gnu::visibility("default")]] void ironbird_release(ironbird::RunReport *report) {
  std::free(report->findings);
  std::free(report->agents);
  std::free(report->locks);
  std::free(report->kernel_calls);
  std::free(report->kernel_cycles);
  std::free(report->trace);
}

}  // extern "C"
