"""What the main part of a design's file does with its options: print, compile, or run."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from ironbird.iron.device import Device, set_current_device
from ironbird.session.hostruntime.arguments import CliRequest, device_from_args
from ironbird.session.jit import CallableDesign


def run_design_cli(
    design: CallableDesign,
    opts: argparse.Namespace,
    *,
    compile_kwargs: Mapping[str, Any],
    run_and_verify: Callable[..., Any] | None = None,
    device: Device | None = None,
    emit_mlir: bool | None = None,
    validate: Callable[[argparse.Namespace], Any] | None = None,
) -> Any:
    """Do what `opts` asks for; returns what run_and_verify returned, else None.

    compile_kwargs: the design's compile-time values. validate: called with opts first.
    run_and_verify: called with opts, or without arguments where it takes none.
    """
    if validate is not None:
        validate(opts)
    if device is not None:
        set_current_device(device)
    elif hasattr(opts, "device"):
        set_current_device(device_from_args(opts))
    asked = CliRequest.of(opts)
    if asked.emit_mlir if emit_mlir is None else emit_mlir:
        print(design.as_mlir(**compile_kwargs))
        return None
    if asked.xclbin_path is not None or asked.insts_path is not None:
        written = design.compile(
            xclbin_path=asked.xclbin_path, inst_path=asked.insts_path, **compile_kwargs
        )
        print(" ".join(map(str, written)))
        return None
    if run_and_verify is None:
        return None
    takes_options = run_and_verify.__code__.co_argcount > 0
    return run_and_verify(opts) if takes_options else run_and_verify()
