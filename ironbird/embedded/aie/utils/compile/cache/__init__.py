"""`aie.utils.compile.cache`."""
