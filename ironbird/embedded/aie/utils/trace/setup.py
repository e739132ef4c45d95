"""`aie.utils.trace.setup`: traces of placed designs."""

from ironbird.iron.trace_setup import configure_trace, push_bd_to_task_queue, start_trace
from ironbird.iron.upstream_names import absent

direction_s2mm = 0
direction_mm2s = 1

# Tiles answer no control packets in the simulator. Whether the size of the shim's buffer counts
# bytes or words upstream, and whether its queue is started too, is unknown here.
__getattr__ = absent(
    __name__,
    dict.fromkeys(
        [
            "config_ctrl_pkts_aie",
            "configure_packet_ctrl_flow",
            "configure_shimtile_dma_aie2",
        ],
        "configure_trace and start_trace",
    ),
    instead="parse_trace, configure_trace and start_trace of aie.utils.trace",
)

__all__ = [
    "configure_trace",
    "direction_mm2s",
    "direction_s2mm",
    "push_bd_to_task_queue",
    "start_trace",
]
