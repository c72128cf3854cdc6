"""Two threads swap two items: four steps each."""
import threading

cards = ["ace", "king"]


def swap():
    cards[0], cards[1] = cards[1], cards[0]


threads = [threading.Thread(target=swap) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(cards) == ["ace", "king"]
