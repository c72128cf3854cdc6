"""Two threads increase a counter: what the benchmarks run."""
import threading

counter = 0


def increment():
    global counter
    counter += 1


def main():
    threads = [threading.Thread(target=increment) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
