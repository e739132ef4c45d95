"""The fixture that compiles the kernels of a test."""

from collections.abc import Callable

import pytest
from kernel_build import Kernels, compile_library


@pytest.fixture(scope="session")
def compile_kernels(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Kernels]:
    """Compile C++ text with g++ into a library of its own, once for each text and flags."""
    folder = tmp_path_factory.mktemp("kernels")
    made: dict[tuple[str, tuple[str, ...]], Kernels] = {}

    def compile_text(source: str, *flags: str) -> Kernels:
        if (source, flags) not in made:
            made[source, flags] = Kernels(compile_library(folder, source, flags))
        return made[source, flags]

    return compile_text
