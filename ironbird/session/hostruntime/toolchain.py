"""Compiling by hand: modules to files, kernel sources to objects, as build scripts of programs do.

What comes out are the simulator's files, which say what they are. The architecture decides nothing:
kernels are compiled for the host that simulates. Refuses a PDI, and files for other architectures.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import author_line
from ironbird.ir import parse_module, print_module
from ironbird.iron.kernel import ExternalFunction
from ironbird.iron.resolved_program import ResolvedProgram, resolved_program_of
from ironbird.session.object_file import write_object_file
from ironbird.session.simulation_file import SimulationFile, write_instructions_place

ARCHITECTURE = "aie2"


def compile_mlir_module(
    mlir_module: str | ModuleOp,
    insts_path: str | Path | None = None,
    pdi_path: str | Path | None = None,
    xclbin_path: str | Path | None = None,
    verbose: bool = False,
    work_dir: str | Path | None = None,
    options: Sequence[str] | None = None,
) -> None:
    """Build a module and write it to the paths given.

    work_dir: a folder with kernel sources or objects. options: of the chip's driver, no effect.
    Raises DesignError for a module that the device cannot run, UsageError for pdi_path.
    """
    if pdi_path is not None:
        raise UsageError(
            f"pdi_path={pdi_path} cannot be written",
            at=author_line(),
            because="a PDI configures the chip, and the embedded back end simulates",
        )
    program = _program(mlir_module)
    folders = () if work_dir is None else (Path(work_dir).resolve(),)
    made = SimulationFile(
        title=Path(xclbin_path).name if xclbin_path is not None else "a module",
        program=ResolvedProgram(
            program.module, program.kernel_sources, (*folders, *program.search_directories)
        ),
        notes=(f"options {' '.join(options)} have no effect in a simulation",) if options else (),
    )
    executable = made.executable()
    if verbose:
        print(f"ironbird: built {made.title} with {executable.compiler}: {executable.key}")
    if xclbin_path is not None:
        made.write(Path(xclbin_path))
    if insts_path is not None:
        write_instructions_place(Path(insts_path))


def compile_cxx_core_function(
    source_path: str | Path,
    target_arch: str,
    output_path: str | Path,
    include_dirs: Sequence[str] | None = None,
    compile_args: Sequence[str] | None = None,
    cwd: str | Path | None = None,
) -> None:
    """Write an object file that names a kernel's source; designs that link it compile that.

    Raises UsageError for another architecture, or a source that is missing.
    """
    _check_architecture(target_arch)
    folder = Path.cwd() if cwd is None else Path(cwd)
    source = folder / source_path
    if not source.is_file():
        raise UsageError(f"there is no kernel source {source}", at=author_line())
    output = folder / output_path
    write_object_file(
        output,
        KernelSource(
            object_file=output.name,
            path=source.resolve(),
            include_directories=tuple(folder / each for each in include_dirs or ()),
            flags=tuple(compile_args or ()),
            at=author_line(),
        ),
    )


def compile_external_kernel(
    func: ExternalFunction, kernel_dir: str | Path, target_arch: str
) -> None:
    """Write the object file of an ExternalFunction into `kernel_dir`."""
    _check_architecture(target_arch)
    write_object_file(Path(kernel_dir) / func.object_file_name, func.source)


def hash_module(
    module: ModuleOp | str,
    external_kernels: Sequence[ExternalFunction] | None = None,
    target_arch: str | None = None,
) -> str:
    """16 hex digits that name a module, the kernels given with it, and the architecture."""
    text = module if isinstance(module, str) else print_module(module)
    kernels = sorted(repr(kernel.source) for kernel in external_kernels or ())
    digest = hashlib.sha256("\0".join([text, *kernels, target_arch or ""]).encode())
    return digest.hexdigest()[:16]


def _program(module: Any) -> ResolvedProgram:
    if isinstance(module, ModuleOp):
        return resolved_program_of(module)
    return resolved_program_of(parse_module(str(module), filename="the module's text"))


def _check_architecture(target_arch: str) -> None:
    if target_arch != ARCHITECTURE:
        raise UsageError(
            f"target_arch={target_arch!r}",
            at=author_line(),
            because=f"npu1 is {ARCHITECTURE}",
            fix=f"{ARCHITECTURE!r}",
        )
