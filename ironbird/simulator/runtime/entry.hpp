// The functions a built design exports. Included last: it needs `design_tables`.
#pragma once

#include <cstdlib>

#include "simulation.hpp"

namespace ironbird {
extern const PlanTables design_tables;
}

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
