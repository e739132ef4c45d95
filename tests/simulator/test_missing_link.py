"""Kernels that use a cascade, a stream port or a lock that the design does not give their core."""

from dataclasses import replace

import pytest
from simulator.building import assert_agree, built_with_kernels, ran
from simulator.test_kernel_cores import calling, cascaded

from ironbird.simulator import load


@pytest.fixture(scope="module")
def kernel_directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("missing_link")
    built_with_kernels(calling("add_three"), directory)
    return directory


LACKS = {
    "to_stream": (
        "design.py:33: crashed-kernel: kernel 'to_stream', called by worker 'worker0', writes to "
        "stream port 1 that it does not have\n"
        "  because: no flow starts at that port of tile (0, 2), so nobody takes its words\n"
        '  try: Flow(tile, destination, src_port="Core", src_channel=1)'
    ),
    "from_stream": (
        "design.py:33: crashed-kernel: kernel 'from_stream', called by worker 'worker0', reads "
        "stream port 0 that it does not have\n"
        "  because: no flow ends at that port of tile (0, 2), so no word ever comes\n"
        '  try: Flow(source, tile, dst_port="Core", dst_channel=0)'
    ),
    "with_lock": (
        "design.py:33: crashed-kernel: kernel 'with_lock', called by worker 'worker0', uses lock "
        "53 that it does not have\n"
        "  because: the design makes no lock that tile (0, 2) sees by that number\n"
        "  try: a Lock on the tile that the number stands for: from 0 south, 16 west, 32 north, 48 "
        "own"
    ),
}


@pytest.mark.parametrize("symbol", LACKS)
def test_a_stream_or_lock_that_the_core_does_not_have(symbol, kernel_directory):
    executable = load(kernel_directory, calling(symbol))
    result, _ = ran(executable)
    assert not result.finished
    assert [str(finding) for finding in result.findings] == [LACKS[symbol]]
    assert_agree(executable, kernel_directory)


def test_a_cascade_that_the_core_does_not_have(tmp_path):
    executable = built_with_kernels(replace(cascaded(), cascades=()), tmp_path)
    result, _ = ran(executable)
    assert not result.finished
    assert [str(finding) for finding in result.findings] == [
        "design.py:33: crashed-kernel: kernel 'from_cascade', called by worker 'right', reads a "
        "cascade that it does not have\n"
        "  because: no cascade ends at tile (0, 2), so no word ever comes\n"
        "  try: CascadeFlow(neighbour, worker)"
    ]
    assert_agree(executable, tmp_path)
