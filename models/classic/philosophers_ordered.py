"""philosophers.py, repaired: everyone takes the fork with the lower number first.

What to learn: where all threads take their locks in one common order, no circle of threads that
wait for each other can close. Their number is the argument (3 if there is none, at least 2).
"""
import sys
import threading


def dine(name, first, second):
    with first:
        with second:
            print(f"philosopher {name} eats")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    forks = [threading.Lock() for _ in range(count)]
    philosophers = []
    for seat in range(count):
        lower, higher = sorted((seat, (seat + 1) % count))
        philosophers.append(threading.Thread(target=dine, args=(seat, forks[lower], forks[higher])))

    for philosopher in philosophers:
        philosopher.start()
    for philosopher in philosophers:
        philosopher.join()
    print("everyone has eaten")
