"""A thread allocates without end, a MiB at a time. Run it under `ulimit -v` only."""
import threading

hoard = []


def eat():
    while True:
        hoard.append(b"x" * (1 << 20))


thread = threading.Thread(target=eat)
thread.start()
thread.join()
