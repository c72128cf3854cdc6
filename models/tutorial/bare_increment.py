"""Two threads execute `counter += 1` on a global, with nothing in between and no lock.

What to learn: the statement is a read and a write, and the language does not promise that they stay
together. A run may pass a million times on one interpreter and fail on the next.
"""
import threading

counter = 0


def increase():
    global counter
    counter += 1


if __name__ == "__main__":
    threads = [threading.Thread(target=increase) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("counter is", counter)
