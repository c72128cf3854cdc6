"""A version number tells that something has happened in between."""
import threading

lock = threading.Lock()
head, version = "a", 0


def replace():
    global head, version
    with lock:
        seen, before = head, version
    with lock:
        if version == before:
            assert head == seen
            head = "c"


def there_and_back():
    global head, version
    for value in ("b", "a"):
        with lock:
            head = value
            version += 1


threads = [threading.Thread(target=f) for f in (replace, there_and_back)]
for t in threads:
    t.start()
for t in threads:
    t.join()
