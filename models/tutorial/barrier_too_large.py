"""A barrier for one more than there are: all wait for somebody who never comes."""
import threading

workers = 3
parties = 4  # one too many
start = threading.Barrier(parties)
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
