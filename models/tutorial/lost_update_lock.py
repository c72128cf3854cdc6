"""lost_update.py, repaired with acquire() and release().

The lock is held from the read to the write, so the second thread reads what the first one wrote.
What to learn: one lock must cover both; a lock around the read and another around the write, each
on its own, repair nothing.
"""
import threading
import time

database_value = 0


def increase(lock):
    global database_value
    lock.acquire()
    value = database_value
    value += 1
    time.sleep(0.1)
    database_value = value
    lock.release()


if __name__ == "__main__":
    lock = threading.Lock()
    threads = [threading.Thread(target=increase, args=(lock,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("database_value is", database_value)
