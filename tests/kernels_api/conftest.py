"""The fixture that compiles the kernels of a test."""

from collections.abc import Callable

import pytest
from kernel_build import Kernels, compile_library


@pytest.fixture(scope="session")
def compile_kernels(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Kernels]:
    """Compile C++ text into a library of its own, once for each text and flags."""
    folder = tmp_path_factory.mktemp("kernels")
    made: dict[tuple[str, tuple[str, ...]], Kernels | str] = {}

    def compile_text(source: str, *flags: str) -> Kernels:
        if (source, flags) not in made:
            # A failure is kept too: Hypothesis would have it compiled again for every example.
            try:
                made[source, flags] = Kernels(compile_library(folder, source, flags))
            except RuntimeError as error:
                made[source, flags] = str(error)
        found = made[source, flags]
        if isinstance(found, str):
            raise RuntimeError(found)
        return found

    return compile_text
