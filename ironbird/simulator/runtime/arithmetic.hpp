// The operations of core programs on C++ numbers, `op::` and MLIR's name for each.
#pragma once

#include "casts.hpp"
#include "comparisons.hpp"
#include "floats.hpp"
#include "integers.hpp"
