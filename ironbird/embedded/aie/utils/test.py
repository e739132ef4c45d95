"""A thin re-export; the code is in `ironbird.session.hostruntime.arguments`."""

from ironbird.session.hostruntime.arguments import (
    create_default_argparser,
    create_npu_kernel,
    parse_args,
)

__all__ = ["create_default_argparser", "create_npu_kernel", "parse_args"]
