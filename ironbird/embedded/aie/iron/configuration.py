"""A thin re-export; the code is in `ironbird.iron.configuration`."""

from ironbird.iron.configuration import DeviceConfiguration

__all__ = ["DeviceConfiguration"]
