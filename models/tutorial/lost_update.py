"""Two threads add one to the same number: each reads it, takes a moment, and writes it back.

If both read before either has written, one of the two increases is lost and the program prints 1.
"""
import threading
import time

database_value = 0


def increase():
    global database_value
    value = database_value
    value += 1
    time.sleep(0.1)
    database_value = value


if __name__ == "__main__":
    threads = [threading.Thread(target=increase) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("database_value is", database_value)
