"""seen |= {...} of a frozenset makes a new set from an old one."""
import threading

seen = frozenset()


def visit(page):
    global seen
    seen |= {page}


threads = [threading.Thread(target=visit, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(seen) == 2
