"""Starts two threads; what goes wrong, a lost update, is in the module beside this one."""
import threading

from . import shared


def main():
    threads = [threading.Thread(target=shared.increase) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("visits:", shared.visits)


if __name__ == "__main__":
    main()
