"""Daemon threads that work off a queue, which the program waits for."""
import queue
import sys
import threading

print_lock = threading.Lock()
tasks = queue.Queue()


def worker():
    while True:
        number = tasks.get()
        with print_lock:
            print(f"{threading.current_thread().name}: {number * number}")
        tasks.task_done()


if __name__ == "__main__":
    workers, items = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (2, 3)
    for _ in range(workers):
        threading.Thread(target=worker, daemon=True).start()
    for number in range(items):
        tasks.put(number)
    tasks.join()
    print("all done")
