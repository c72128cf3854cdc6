"""Starts 1,000 threads that share nothing, then joins them."""
import threading


def work(number):
    total = 0
    for term in range(number % 10):
        total += term


threads = [threading.Thread(target=work, args=(number,)) for number in range(1000)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(threads), "threads have ended")
