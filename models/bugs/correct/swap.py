"""Two threads swap two items under a lock."""
import threading

cards = ["ace", "king"]
lock = threading.Lock()


def swap():
    with lock:
        cards[0], cards[1] = cards[1], cards[0]


threads = [threading.Thread(target=swap) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(cards) == ["ace", "king"]
