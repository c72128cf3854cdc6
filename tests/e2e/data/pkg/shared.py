"""The number that the threads of pkg.main share, and an increase without a lock."""

visits = 0


def increase():
    global visits
    seen = visits
    visits = seen + 1
