"""A timer that is started, and one that is cancelled: in time, or too late."""
import threading

rung = []


def ring(name):
    rung.append(name)


if __name__ == "__main__":
    first = threading.Timer(5, ring, ["first"])
    second = threading.Timer(10, ring, ["second"])
    first.start()
    second.start()
    second.cancel()
    first.join()
    second.join()
    print("first" in rung, "second" in rung)
    assert "first" in rung
