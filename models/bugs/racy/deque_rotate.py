"""Reading the first item and rotating are two steps: both threads get the same turn."""
import threading
from collections import deque

turns = deque(["ann", "bob"])
got = []


def next_turn():
    who = turns[0]
    turns.rotate(-1)
    got.append(who)


threads = [threading.Thread(target=next_turn) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(set(got)) == 2
