"""notify_all() wakes all, and each looks whether it was meant."""
import threading

changed = threading.Condition()
turn = []


def wait_for(name):
    with changed:
        while name not in turn:
            changed.wait()


def announce():
    for name in ("a", "b"):
        with changed:
            turn.append(name)
            changed.notify_all()


threads = [threading.Thread(target=wait_for, args=(n,)) for n in ("b", "a")]
threads.append(threading.Thread(target=announce))
for t in threads:
    t.start()
for t in threads:
    t.join()
