"""Two threads go through one enumerate(): each pair comes once."""
import threading

work = enumerate(["a", "b", "c"])
got = []


def take():
    for i, letter in work:
        got.append((i, letter))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == [(0, "a"), (1, "b"), (2, "c")]
