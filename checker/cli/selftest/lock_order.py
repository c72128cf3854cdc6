# lock-order --fail-on=lock-order
import sys
import threading

first, second, turn = threading.Lock(), threading.Lock(), threading.Event()


def there():
    with first:
        with second:
            pass
    turn.set()


def back():
    turn.wait()
    one, other = (first, second) if len(sys.argv) > 1 else (second, first)
    with one:
        with other:
            pass


for target in (there, back):
    threading.Thread(target=target).start()
