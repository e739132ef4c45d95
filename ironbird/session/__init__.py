"""Floor 5: compile, run, `@jit`, the cache; the only place that picks what a program runs on."""
