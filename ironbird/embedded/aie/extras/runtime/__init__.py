"""`aie.extras.runtime`."""
