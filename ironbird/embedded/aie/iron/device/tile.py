"""A thin re-export; the code is in `ironbird.iron.device`."""

from ironbird.iron.device import AnyComputeTile, AnyMemTile, AnyShimTile, Tile

__all__ = ["AnyComputeTile", "AnyMemTile", "AnyShimTile", "Tile"]
