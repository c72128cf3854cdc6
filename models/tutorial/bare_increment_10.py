"""bare_increment.py with ten increases in each of the two threads.

What to learn: the end result may be any number from 2 to 20, and the number of interleavings grows
so fast with the length of a loop that nobody can go through them by hand.
"""
import threading

counter = 0


def increase_ten_times():
    global counter
    for _ in range(10):
        counter += 1


if __name__ == "__main__":
    threads = [threading.Thread(target=increase_ten_times) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("counter is", counter)
