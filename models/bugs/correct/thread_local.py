"""Each thread has a threading.local with a list of its own."""
import threading

count = [0]
local = threading.local()


def work():
    local.count = [0]
    local.count[0] += 1
    assert local.count[0] == 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert count[0] == 0
