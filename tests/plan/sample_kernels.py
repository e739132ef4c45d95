"""The kernels of the samples as loaded libraries, compiled once."""

import atexit
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from ironbird.base.kernel_source import KernelSource
from ironbird.plan import PhysicalPlan, Sequence
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.kernel_build import KernelBuild, start_kernel_build
from ironbird.simulator.kernel_library import COUNTING, RUNNING, library_file, linked_objects

SOURCE = Path(__file__).parent / "sample_kernels.cc"
OBJECT_FILES = ("blur.o", "lines.o", "mm.o", "pass.o")


def kernel_directory(plan: PhysicalPlan) -> Path | None:
    """The folder with the libraries that `plan` calls; None if it calls no kernel."""
    if not plan.kernels:
        return None
    build = _compiled()
    for objects in linked_objects(plan):
        for variant in (RUNNING, COUNTING):
            library = build.directory / library_file(objects, variant)
            if not library.exists():
                # Every object file holds the same functions, so one stands for all.
                build.link(OBJECT_FILES[:1])
                shutil.copyfile(build.directory / library_file(OBJECT_FILES[:1], variant), library)
    return build.directory


@cache
def _compiled() -> KernelBuild:
    directory = Path(tempfile.mkdtemp(prefix="ironbird-sample-kernels-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    sources = [KernelSource(object_file=name, path=SOURCE) for name in OBJECT_FILES]
    calling_nothing = PhysicalPlan(
        device="npu1", sequence=Sequence(name="empty", arguments=(), steps=())
    )
    with ThreadPoolExecutor(2) as compilers:
        build = start_kernel_build(
            sources, directory, find_compiler(), compilers, numerics="silicon"
        )
        build.finish(calling_nothing)
    return build
