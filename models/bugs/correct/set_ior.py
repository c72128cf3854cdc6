"""seen.update({...}) of a set changes it in one step."""
import threading

seen = set()


def visit(page):
    seen.update({page})


threads = [threading.Thread(target=visit, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(seen) == 2
