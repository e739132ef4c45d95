"""Programs of IRON 1.4.4 and later: jit generators with markers, layouts as access patterns."""

import pytest

from tests.compat.corpus import program_file, run_itself

PROGRAMS = (
    "cascade_product",
    "composed_stages",
    "dispatch_time_gain",
    "edge_filter",
    "grid_of_workers",
    "hand_written_dma",
    "in_place_swap",
    "initial_objects",
    "layouts_as_patterns",
    "packets_to_two",
    "padded_border",
    "pipelined_rows",
    "refusals",
    "repeated_weights",
    "rows_of_an_image",
    "running_total",
    "several_channels",
    "shared_neighbour",
    "sizes_of_a_walk",
    "softmax_by_contract",
    "stream_through_a_core",
    "tasks_by_hand",
    "tensor_views",
    "tile_grid",
    "timeline_by_hand",
    "trace_by_parts",
    "traced_tiles",
    "typed_generator",
)
# Two seconds of compilation for each kernel of the library that they call.
MANY_KERNELS = (
    "activations",
    "four_bit_weights",
    "hues_of_an_image",
    "least_of_products",
    "two_convolutions",
    "two_operands",
)


@pytest.mark.parametrize(
    "name", [*PROGRAMS, *(pytest.param(name, marks=pytest.mark.full) for name in MANY_KERNELS)]
)
def test_the_program_runs_and_agrees_with_numpy(name: str) -> None:
    run_itself(program_file("d4", name))
