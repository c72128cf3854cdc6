"""Taking the first item off is one step."""
import threading
from collections import deque

turns = deque(["ann", "bob"])
got = []


def next_turn():
    who = turns.popleft()
    turns.append(who)
    got.append(who)


threads = [threading.Thread(target=next_turn) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(got) == 2
