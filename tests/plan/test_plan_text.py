"""The text of a plan names every part once, in the author's words."""

import pytest
from plan.sample_plans import SAMPLE_NAMES, plan_of

from ironbird.plan.text import plan_text


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_every_part_has_its_line(name: str) -> None:
    plan = plan_of(name)
    lines = plan_text(plan).splitlines()
    starts = [line.split(" ")[0] for line in lines]
    assert lines[0] == f"plan for {plan.device}"
    assert starts.count("buffer") == len(plan.buffers)
    assert starts.count("lock") == len(plan.locks)
    assert starts.count("kernel") == len(plan.kernels)
    assert starts.count("descriptor") == len(plan.descriptors)
    assert starts.count("channel") == len(plan.channels)
    assert starts.count("route") == len(plan.routes)
    assert starts.count("cascade") == len(plan.cascades)
    assert starts.count("core") == len(plan.cores)
    after = lines[lines.index(f"sequence {plan.sequence.name}") + 1 :]
    assert len(after) == len(plan.sequence.arguments) + len(plan.sequence.steps)


def test_the_lines_say_what_is_unusual() -> None:
    padded = plan_text(plan_of("23_memtile_padding"))
    assert (
        "descriptor 2 id 2 of tile (0, 1): up_cons_buff_0 [0: 6 by 12, 12 by 1], 512 bytes padded "
        "[(1, 1), (2, 2)] acquire_ge up_cons_cons_lock_0 1 release up_cons_prod_lock_0 1 "
        "then descriptor 3\n"
    ) in padded
    packets = plan_text(plan_of("22_packet_flow"))
    assert (
        "route from DMA 0 of tile (0, 2) packet 5 to DMA 0 of tile (0, 0) (3 hops) with headers\n"
    ) in packets
    assert "as packet 5 of type 0 then descriptor 1\n" in packets
    barrier = plan_text(plan_of("17_rtp_and_barrier"))
    assert "  write 07000000 to dial at byte 0\n" in barrier
    assert "  set lock_0_2_4 to 1\n" in barrier
    iterating = plan_text(plan_of("26_memcpy_nd_sequence"))
    assert "1024 bytes iterating 4 by 64\n" in iterating
    assert (
        "  start task 1 on MM2S 0 of tile (1, 0) from descriptor 5, 4 times, with a token\n"
    ) in iterating
