// The loop hints of mlir-aie's aie_kernel_utils.h: they stand before `for` (AIE_LOOP_FLATTEN after
// it).
//
// Hints change no result. In the counting build they mark the loop (aie_api/detail/erased.hpp).
#pragma once

#include <aie_api/aie.hpp>

#define AIE_LOOP_UNROLL(x)
#define AIE_LOOP_UNROLL_FULL
#define AIE_LOOP_NO_UNROLL
#define AIE_LOOP_MIN_ITERATION_COUNT(x) AIE_HOST_MARK_LOOP(false)
#define AIE_LOOP_MAX_ITERATION_COUNT(x)
#define AIE_LOOP_RANGE(a, ...) AIE_HOST_MARK_LOOP(false)
#define AIE_PREPARE_FOR_PIPELINING AIE_HOST_MARK_LOOP(true)
#define AIE_NO_PREPARE_FOR_PIPELINING
#define AIE_MODULO_SCHEDULING_BUDGET_RATIO(x)
#define AIE_KEEP_SW_LOOP
#define AIE_PEEL_PIPELINED_LOOP(x)
#define AIE_KEEP_FREE_FOR_PIPELINING(x)
#define AIE_ALLOCATE(x)
#define AIE_NO_HW_LOOP
#define AIE_TRY_INITIATION_INTERVAL(x)
#define AIE_PREPARE_FOR_POSTPIPELINING
#define AIE_LOOP_FLATTEN
