"""The timing model's constants as C++."""

from ironbird.simulator import timing

_NAMES = (
    "STREAM_BYTES_PER_CYCLE",
    "DESCRIPTOR_SWITCH_CYCLES",
    "LOCK_CYCLES",
    "CASCADE_CYCLES",
    "STREAM_ACCESS_CYCLES",
    "KERNEL_CALL_CYCLES",
    "SCALAR_ELEMENT_CYCLES",
    "DRAIN_CYCLES",
    "PATIENCE_CYCLES",
    "POOLED_CYCLES",
)


def timing_constants() -> str:
    """The header `timing_constants.hpp` that the runtime is compiled with."""
    lines = ["#pragma once", "#include <cstdint>", "namespace ironbird {"]
    lines += [
        "struct CompilerClass {",
        "  int64_t loop_enter_cycles, float_percent, integer_percent, straight_percent;",
        "};",
        "namespace timing {",
    ]
    lines += [f"constexpr int64_t {name.lower()} = {getattr(timing, name)};" for name in _NAMES]
    rows = ", ".join(
        f"{{{model.loop_enter_cycles}, {model.float_percent}, {model.integer_percent}, "
        f"{model.straight_percent}}}"
        for model in timing.COMPILER_CLASSES.values()
    )
    lines += [f"constexpr CompilerClass compiler_classes[] = {{{rows}}};", "}", "}"]
    return "\n".join(lines) + "\n"
