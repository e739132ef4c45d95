"""Our lowering of a design is the hardware program that mlir-aie made of it, at every level."""

from functools import cache

import pytest
from plan.sample_plans import sample_plans

from ironbird.base.errors import DesignError
from tests.lowering_samples import APRIL, AUGUST, EVERY_SAMPLE, NO_PLAN, folders
from tests.passes.plan_signature import plan_differences

OVER_PACKETS = "fifos over packet flows are an option of mlir-aie; ours take circuits"
UNALIGNED = "April packs buffers without alignment; August and we refuse those addresses"
NO_TRACE_BUFFER = "April writes the trace to argument 4 of a sequence that has two"
PACKED = "a buffer asks for bank 2 and has an address in bank 0, which mlir-aie refuses as well"
CUT_WRONG = "mlir-aie cuts 100 rounds into a chain of 64 and 36 and repeats that 100 times"

OTHER = {
    (APRIL, "27_trace", "lowered.mlir"): NO_TRACE_BUFFER,
    (APRIL, "27_trace", "npu.mlir"): NO_TRACE_BUFFER,
    (APRIL, "01_single_in_out", "lowered_packet.mlir"): OVER_PACKETS,
    (AUGUST, "01_single_in_out", "lowered_packet.mlir"): OVER_PACKETS,
    (APRIL, "33_depth_array", "lowered_dynamic.mlir"): (
        "April keeps the indices of a rolled core in a buffer, August and we in registers"
    ),
    (APRIL, "34_buffer_addresses", "lowered.mlir"): UNALIGNED,
    (APRIL, "34_buffer_addresses", "lowered_sequential.mlir"): UNALIGNED,
    (APRIL, "34_buffer_addresses", "npu.mlir"): UNALIGNED,
    (AUGUST, "34_buffer_addresses", "lowered_sequential.mlir"): PACKED,
    (AUGUST, "44_large_transfers", "npu.mlir"): CUT_WRONG,
}
"""Where ours differs from theirs, and why."""

COMPARED = [sample for sample in EVERY_SAMPLE if sample[1] not in NO_PLAN]


@cache
def differences(version: str, folder: str, file: str) -> list[str]:
    """What ours of `in.mlir` and theirs differ in."""
    try:
        theirs = sample_plans(version, folder, file)
    except DesignError as refusal:
        return [str(refusal)]
    ours = sample_plans(version, folder, "in.mlir")
    if len(ours) != len(theirs):
        return [f"{len(theirs)} configurations, and {len(ours)} of ours"]
    pairs = zip(theirs, ours, strict=True)
    return [line for expected, found in pairs for line in plan_differences(expected, found)]


@pytest.mark.parametrize("sample", COMPARED, ids="-".join)
def test_our_lowering_is_theirs(sample: tuple[str, str, str]) -> None:
    found = differences(*sample)
    if sample in OTHER:
        assert found != [], f"{sample} agrees now and has to leave OTHER"
    else:
        assert found == []


@pytest.mark.parametrize("folder", NO_PLAN)
@pytest.mark.parametrize("version", [APRIL, AUGUST])
def test_the_rest_is_refused_by_name(version: str, folder: str) -> None:
    if folder not in folders(version):
        return
    with pytest.raises(DesignError) as refusal:
        sample_plans(version, folder, "in.mlir")
    assert str(refusal.value).splitlines()[0] == f"{folder}/{NO_PLAN[folder]}"


def test_counts() -> None:
    """How many there are; `pytest -rP` shows it."""
    for version in (APRIL, AUGUST):
        every = [sample for sample in EVERY_SAMPLE if sample[0] == version]
        agreeing = [each for each in every if each in COMPARED and differences(*each) == []]
        whole = {folder for _, folder, _ in every} - set(NO_PLAN)
        designs = [
            folder
            for folder in whole
            if all(each in agreeing or each in OTHER for each in every if each[1] == folder)
        ]
        print(
            f"{version}: topologies equivalent {len(designs)} of {len(folders(version))}, "
            f"modules {len(agreeing)} of {len(every)}"
        )
        assert len(designs) == len(whole)
        for sample in every:
            if sample not in agreeing:
                print(f"  {'/'.join(sample)}: {OTHER.get(sample) or NO_PLAN[sample[1]]}")
