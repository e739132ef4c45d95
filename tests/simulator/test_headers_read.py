"""What is compiled for every design and kernel reads no header that takes longer than itself."""

from pathlib import Path

import pytest
from simulator.plans import ping_pong

from ironbird.simulator.build import DESIGN_FLAGS
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.emit import emit_cpp
from ironbird.simulator.kernel_build import HERE, INCLUDE_DIRECTORIES, kernel_variants


def headers_read(folder: Path, text: str, flags: tuple[str, ...], *include: Path) -> set[str]:
    """The names of all; those of clang's own library, which reads more, are not ours to choose."""
    if not find_compiler().version.startswith("g++"):
        pytest.skip("g++ and its library: the compiler here is another")
    source = folder / "source.cc"
    source.write_text(text)
    report = find_compiler().compile_object(source, folder / "object.o", flags, include)
    return {path.name for path in report.dependencies}


def test_a_program_without_functions_of_the_c_library(tmp_path):
    plan, _ = ping_pong()
    read = headers_read(tmp_path, emit_cpp(plan), DESIGN_FLAGS, HERE)
    assert "core_api.hpp" in read
    assert not read & {"c_library.hpp", "cmath", "streambuf"}


def test_a_kernel(tmp_path):
    running, _, _ = kernel_variants("silicon")
    read = headers_read(tmp_path, "", running.flags, *INCLUDE_DIRECTORIES)
    assert {"aie.hpp", "cmath", "algorithm"} <= read
    assert "streambuf" not in read
