"""A thin re-export; the code is in `ironbird.session.hostruntime.arguments`."""

from ironbird.session.hostruntime.arguments import (
    add_benchmark_args,
    add_compile_args,
    add_runtime_args,
    add_trace_arg,
    device_from_args,
)

__all__ = [
    "add_benchmark_args",
    "add_compile_args",
    "add_runtime_args",
    "add_trace_arg",
    "device_from_args",
]
