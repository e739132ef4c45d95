// Names that the chip's compilers know and the host's do not: qualifiers, pragmas, loop hints.
//
// Included last, since several are macros. In the counting build the loop hints mark their loops:
// AIE_* stand before `for` and count entries, chess_* stand between `for (...)` and the body and
// count iterations; both collect the slots used inside.
#pragma once

#include "count.hpp"

#if !defined(__AIENGINE__)
#define __AIENGINE__ 1
#endif
#if !defined(__AIEARCH__)
#define __AIEARCH__ 20
#endif
#if !defined(__AIE_ARCH__)
#define __AIE_ARCH__ 20
#endif
#define AIE_API_ML_VERSION 100
#define AIE_API_PLATFORM_VERSION 200
#define AIE_API_NATIVE 0

#define restrict __restrict

// ---- data memory banks: address spaces there, nothing here
#define __aie_dm_resource_a
#define __aie_dm_resource_b
#define __aie_dm_resource_c
#define __aie_dm_resource_d
#define __aie_dm_resource_ab
#define __aie_dm_resource_ac
#define __aie_dm_resource_ad
#define __aie_dm_resource_bc
#define __aie_dm_resource_bd
#define __aie_dm_resource_cd
#define __aie_dm_resource_stack
#define __aie_dm_resource_TM
#define __aie_dm_resource_PM
#define __aie_dm_resource_DM
#define __aie_inline inline __attribute__((always_inline))
#define __aie_register(...)
#define __aie_copy(x) (x)

#if IRONBIRD_COUNT
#define AIE_HOST_MARK_LOOP(pipelined) \
  for (::aie::detail::LoopScope aie_host_loop(__FILE__, __LINE__, pipelined); aie_host_loop.once();)
#define AIE_HOST_MARK_ITERATION(pipelined)                                                     \
  if (::aie::detail::LoopIteration aie_host_iteration(__FILE__, __LINE__, pipelined); false) { \
  } else
#else
#define AIE_HOST_MARK_LOOP(pipelined)
#define AIE_HOST_MARK_ITERATION(pipelined)
#endif

// ---- between `for (...)` and the body (Chess)
#define chess_prepare_for_pipelining AIE_HOST_MARK_ITERATION(true)
#define chess_require_pipelining(...) AIE_HOST_MARK_ITERATION(true)
#define chess_loop_range(...)
#define chess_loop_count(...)
#define chess_flatten_loop
#define chess_unroll_loop(...)
#define chess_no_hw_loop
#define chess_keep_sw_loop
#define chess_peel_pipelined_loop(...)
#define chess_modulo_scheduling_budget_ratio(...)
#define chess_no_prepare_for_pipelining
#define chess_allocate(...)
#define chess_prepare_for_postpipelining
#define chess_pipeline_adjust_preamble
#define chess_hw_loop

// ---- in declarations and statements (Chess)
#define chess_storage(...)
#define chess_protect_access
#define chess_output
#define chess_copy(x) (x)
#define chess_dont_chain(x) (x)
#define chess_const(x) __builtin_constant_p(x)
#define chess_manifest(x) (__builtin_constant_p(x) && (x))
#define chess_separator() ((void)0)
#define chess_separator_scheduler(...) ((void)0)
#define chess_separator_scheduler_local() ((void)0)
#define chess_report(...) ((void)0)
#define chess_error(...) ((void)0)
#define chess_warning(...) ((void)0)
#define chess_assert(x) ((void)0)
#define chess_dont_care(T) (T{})
#define chess_memory_fence() ((void)0)
