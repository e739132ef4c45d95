"""Several configurations of the device in one program: refused, the simulator runs one."""

from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line


class DeviceConfiguration:
    """Exists so that programs which choose import; making one is refused."""

    def __init__(self, name: str, device: Any, **_: Any) -> None:
        raise DesignError(
            f"DeviceConfiguration({name!r})",
            at=author_line(),
            because="the simulator runs one configuration of the device",
            fix="one Program for each configuration, run in turn",
        )
