"""Nobody starts to work before everybody is ready."""
import threading

workers = 3
start = threading.Barrier(workers)
ready = [False] * workers


def work(number):
    ready[number] = True
    print(f"{number} is ready")
    start.wait()
    assert all(ready)


if __name__ == "__main__":
    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
