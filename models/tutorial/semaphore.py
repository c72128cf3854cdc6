"""At most two threads at a time are let in."""
import threading

doors = threading.BoundedSemaphore(2)
lock = threading.Lock()
inside = 0


def visit():
    global inside
    with doors:
        with lock:
            inside += 1
            assert inside <= 2
        with lock:
            inside -= 1


if __name__ == "__main__":
    threads = [threading.Thread(target=visit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all have left")
