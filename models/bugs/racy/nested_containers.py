"""A list of lists is compared between the changes of two of its rows."""
import threading

grid = [[0, 0], [0, 0]]


def fill():
    grid[0][0] = 1
    grid[1][1] = 1


def look():
    assert grid in ([[0, 0], [0, 0]], [[1, 0], [0, 1]])


threads = [threading.Thread(target=fill), threading.Thread(target=look)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
