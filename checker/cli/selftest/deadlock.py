# deadlock
import sys
import threading

first, second = threading.Lock(), threading.Lock()


def there():
    with first:
        with second:
            pass


def back():
    one, other = (first, second) if len(sys.argv) > 1 else (second, first)
    with one:
        with other:
            pass


for target in (there, back):
    threading.Thread(target=target).start()
