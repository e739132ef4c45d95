"""Where things of the tool chain lie; what the simulator does not use is refused by name."""

from pathlib import Path
from typing import NoReturn

import ironbird
from ironbird.base.errors import ToolError
from ironbird.base.source_line import author_line


def root_path() -> str:
    """The folder of the package."""
    return str(Path(ironbird.__file__).resolve().parent)


def cxx_header_path() -> str:
    """The folder of the headers that kernels include (`aie_api/aie.hpp`)."""
    return str(Path(root_path()) / "simulator" / "include")


def peano_install_dir() -> NoReturn:
    """Refused: kernels are compiled for the host."""
    raise _no_peano("peano_install_dir()")


def peano_cxx_path() -> NoReturn:
    """Refused: kernels are compiled for the host."""
    raise _no_peano("peano_cxx_path()")


def peano_linker_path() -> NoReturn:
    """Refused: kernels are compiled for the host."""
    raise _no_peano("peano_linker_path()")


def _no_peano(what: str) -> ToolError:
    return ToolError(
        f"{what}: Peano is not used",
        at=author_line(),
        because="kernels are compiled for the host that simulates, by its own compiler",
        fix="aie.utils.compile.utils.compile_cxx_core_function, or ExternalFunction",
    )
