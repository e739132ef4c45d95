"""`aie.utils.compile`."""
