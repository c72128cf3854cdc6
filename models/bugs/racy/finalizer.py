"""__del__ counts, in whatever thread drops the last reference."""
import threading



class Image:
    alive = 2

    def __del__(self):
        Image.alive -= 1


images = {1: Image(), 2: Image()}


def drop(n):
    del images[n]


threads = [threading.Thread(target=drop, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Image.alive == 0
