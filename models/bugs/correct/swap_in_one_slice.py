"""A list is reversed in one step: two reversals leave it as it was."""
import threading

cards = ["ace", "king"]


threads = [threading.Thread(target=cards.reverse) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert cards == ["ace", "king"]
