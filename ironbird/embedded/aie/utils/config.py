"""A thin re-export; the code is in `ironbird.session.hostruntime.config`."""

from ironbird.session.hostruntime.config import (
    cxx_header_path,
    peano_cxx_path,
    peano_install_dir,
    peano_linker_path,
    root_path,
)

__all__ = [
    "cxx_header_path",
    "peano_cxx_path",
    "peano_install_dir",
    "peano_linker_path",
    "root_path",
]
