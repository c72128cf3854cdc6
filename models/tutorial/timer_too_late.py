"""Whoever cancels a timer cannot know that it has not gone off yet."""
import threading

rung = []


def ring():
    rung.append("second")


if __name__ == "__main__":
    timer = threading.Timer(10, ring)
    timer.start()
    timer.cancel()
    timer.join()
    print(rung)
    assert not rung, "cancelled, but it had gone off"
