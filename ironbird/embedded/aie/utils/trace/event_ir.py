"""`aie.utils.trace.event_ir`: needs `hwfrontend` of Vitis; `aie.utils.trace.parse` does not."""

from ironbird.iron.upstream_names import absent
from ironbird.session.trace_reading.timeline import flatten_repeat_command, make_event_lists
from ironbird.session.trace_reading.units import (
    NUM_EVENTS,
    lookup_event_name_by_type,
    parse_mlir_trace_events,
)

rowoffset = 1
eventIRFile = "eventIR.txt"
tmpTraceDirName = "tmpTrace"

__getattr__ = absent(
    __name__,
    dict.fromkeys(
        [
            "convert_commands_to_json",
            "convert_eventIR_to_json",
            "create_target",
            "deactivate",
            "fix_raw_trace_data",
            "lookupEventNameInStr",
            "parse_args",
            "print_config_json",
            "process_name_metadata",
            "run_hwfrontend",
            "setup_trace_metadata",
            "thread_name_metadata",
        ],
        "aie.utils.trace.parse",
    ),
    instead="parse_trace, configure_trace and start_trace of aie.utils.trace",
)

__all__ = [
    "NUM_EVENTS",
    "eventIRFile",
    "flatten_repeat_command",
    "lookup_event_name_by_type",
    "make_event_lists",
    "parse_mlir_trace_events",
    "rowoffset",
    "tmpTraceDirName",
]
