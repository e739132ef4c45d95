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
    """`namespace ironbird::timing`, before any header that uses it."""
    lines = ["#include <cstdint>", "namespace ironbird::timing {"]
    lines += [f"constexpr int64_t {name.lower()} = {getattr(timing, name)};" for name in _NAMES]
    lines += ["}", "namespace ironbird { struct CompilerClass; }"]
    lines += ["namespace ironbird::timing { extern const CompilerClass compiler_classes[]; }"]
    return "\n".join(lines)


def compiler_class_table() -> str:
    """What `timing.COMPILER_CLASSES` says, in its order."""
    rows = ", ".join(
        f"{{{model.loop_enter_cycles}, {model.float_percent}, {model.integer_percent}, "
        f"{model.straight_percent}}}"
        for model in timing.COMPILER_CLASSES.values()
    )
    return f"const CompilerClass timing::compiler_classes[] = {{{rows}}};"
