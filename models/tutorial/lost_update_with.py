"""lost_update.py, repaired with a lock in a `with` statement.

It behaves as lost_update_lock.py does. What to learn: `with` releases the lock however the block is
left, also when an exception leaves it, and is therefore the form to prefer.
"""
import threading
import time

database_value = 0


def increase(lock):
    global database_value
    with lock:
        value = database_value
        value += 1
        time.sleep(0.1)
        database_value = value


if __name__ == "__main__":
    lock = threading.Lock()
    threads = [threading.Thread(target=increase, args=(lock,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("database_value is", database_value)
