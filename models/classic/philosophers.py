"""Philosophers sit around a table with one fork between neighbours, and eat with two (Dijkstra).

Everyone takes the left fork first. What to learn: if all hold their left fork, each waits for the
right one for ever. Their number is the argument (3 if there is none, at least 2).
"""
import sys
import threading


def dine(name, left, right):
    with left:
        with right:
            print(f"philosopher {name} eats")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    forks = [threading.Lock() for _ in range(count)]
    philosophers = []
    for seat in range(count):
        left, right = forks[seat], forks[(seat + 1) % count]
        philosophers.append(threading.Thread(target=dine, args=(seat, left, right)))

    for philosopher in philosophers:
        philosopher.start()
    for philosopher in philosophers:
        philosopher.join()
    print("everyone has eaten")
