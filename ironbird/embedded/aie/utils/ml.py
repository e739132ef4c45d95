"""A thin re-export; the code is in `ironbird.session.hostruntime.ml`."""

from ironbird.session.hostruntime.ml import (
    CSVLogger,
    DataShaper,
    fuse_single_conv_bn_pair,
    load_class_label,
    unpickle,
)

__all__ = [
    "CSVLogger",
    "DataShaper",
    "fuse_single_conv_bn_pair",
    "load_class_label",
    "unpickle",
]
