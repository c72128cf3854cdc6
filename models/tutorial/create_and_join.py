"""Creates ten threads in a loop, starts them all, and waits for every one of them.

Each thread works on its own numbers only. What to learn: joining in a second loop lets the ten run
side by side, and threads that share nothing need no lock, whatever order they run in.
"""
import threading


def print_squares(start):
    squares = [number * number for number in range(start, start + 5)]
    print(f"squares from {start}: {squares}")


if __name__ == "__main__":
    threads = []
    for index in range(10):
        thread = threading.Thread(target=print_squares, args=(5 * index,))
        threads.append(thread)

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all ten threads have ended")
