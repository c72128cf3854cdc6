"""A list of lists is compared under the lock that its rows are changed under."""
import threading

grid = [[0, 0], [0, 0]]
lock = threading.Lock()


def fill():
    with lock:
        grid[0][0] = 1
        grid[1][1] = 1


def look():
    with lock:
        assert grid in ([[0, 0], [0, 0]], [[1, 0], [0, 1]])


threads = [threading.Thread(target=fill), threading.Thread(target=look)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
