"""The command-line options that host programs share, under upstream's helper names.

The helpers' names are public; the options of the newest ones are known here only in part, and are
those of upstream's earlier test programs.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ironbird.iron.device import Device, from_name
from ironbird.session.hostruntime.kernel import NPUKernel
from ironbird.session.trace_reading.config import TraceConfig

KERNEL_NAME = "MLIR_AIE"


def create_default_argparser() -> argparse.ArgumentParser:
    """The options of a test program that loads a compiled design."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-x", "--xclbin", required=True, help="the compiled design")
    parser.add_argument("-i", "--instr", required=True, help="its instructions")
    parser.add_argument("-k", "--kernel", default=KERNEL_NAME, help="the kernel's name in it")
    parser.add_argument("-v", "--verbosity", type=int, default=0)
    parser.add_argument("--verify", type=_yes_or_no, default=True, help="compare the result")
    parser.add_argument("--iters", type=int, default=1)
    parser.add_argument("--warmup", type=int, default=0)
    parser.add_argument("-t", "--trace_sz", dest="trace_size", type=int, default=0)
    parser.add_argument("--trace_file", default="trace.txt")
    for letter, name in (("i1s", "in1_size"), ("i2s", "in2_size"), ("os", "out_size")):
        parser.add_argument(f"-{letter}", f"--{name}", type=int, default=0, help="bytes")
    return parser


def parse_args(args: Sequence[str] | None) -> argparse.Namespace:
    """The options of `create_default_argparser`, read."""
    return create_default_argparser().parse_args(args)


class LoadedTest(NPUKernel):
    """A design that a test program's options name, and the options."""

    def __init__(self, opts: argparse.Namespace) -> None:
        traced = TraceConfig(opts.trace_size, opts.trace_file) if opts.trace_size else None
        super().__init__(opts.xclbin, opts.instr, kernel_name=opts.kernel, trace_config=traced)
        self.options = opts
        self.verify: bool = opts.verify
        self.verbosity: int = opts.verbosity

    @property
    def npu_kernel(self) -> NPUKernel:
        """The design itself."""
        return self


def create_npu_kernel(opts: argparse.Namespace) -> LoadedTest:
    """The design that the options name. It is its own `npu_kernel`."""
    return LoadedTest(opts)


def add_compile_args(parser: argparse.ArgumentParser) -> None:
    """What to build for, and where to."""
    parser.add_argument("-d", "--device", "--dev", default="npu1", help="npu1")
    parser.add_argument("--n-cols", type=int, default=None, help="columns of it")
    parser.add_argument("--emit-mlir", action="store_true", help="print the module, run nothing")
    parser.add_argument("--xclbin-path", default=None, help="compile to this file, run nothing")
    parser.add_argument("--insts-path", default=None, help="the place of its instructions")


def add_benchmark_args(parser: argparse.ArgumentParser) -> None:
    """How often to run."""
    parser.add_argument("--iters", type=int, default=1, help="runs that count")
    parser.add_argument("--warmup", type=int, default=0, help="runs before those")


def add_trace_arg(parser: argparse.ArgumentParser) -> None:
    """How much to trace."""
    parser.add_argument("-t", "--trace-size", type=int, default=0, help="bytes; 0 traces nothing")


def add_runtime_args(parser: argparse.ArgumentParser) -> None:
    """How to check, and how much to say."""
    parser.add_argument("-v", "--verbosity", type=int, default=0)
    parser.add_argument("--verify", type=_yes_or_no, default=True, help="compare the result")


def device_from_args(opts: argparse.Namespace) -> Device:
    """The device that the options of `add_compile_args` name."""
    return from_name(opts.device, n_cols=getattr(opts, "n_cols", None))


def _yes_or_no(text: str) -> bool:
    """Upstream's programs pass `--verify True`."""
    wanted = text.lower()
    if wanted in ("true", "1", "yes"):
        return True
    if wanted in ("false", "0", "no"):
        return False
    raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")


@dataclass(frozen=True)
class CliRequest:
    """What the options of a design's command line ask for."""

    emit_mlir: bool
    xclbin_path: str | None
    insts_path: str | None

    @classmethod
    def of(cls, opts: Any) -> "CliRequest":
        """Options that a program did not add count as not given."""
        return cls(
            emit_mlir=bool(getattr(opts, "emit_mlir", False)),
            xclbin_path=getattr(opts, "xclbin_path", None),
            insts_path=getattr(opts, "insts_path", None),
        )
