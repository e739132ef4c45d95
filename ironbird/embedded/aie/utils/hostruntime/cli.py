"""A thin re-export; the code is in `ironbird.session.hostruntime.design_cli`."""

from ironbird.session.hostruntime.design_cli import (
    run_design_cli,
)

__all__ = ["run_design_cli"]
