"""Three threads each take the lower of two locks first."""
import threading

locks = [threading.Lock() for _ in range(3)]


def work(i):
    first, second = sorted((i, (i + 1) % 3))
    with locks[first], locks[second]:
        pass


threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
