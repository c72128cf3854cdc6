"""A daemon thread, which the program does not wait for."""
import logging
import threading
import time


def work(name):
    logging.info("Thread %s: starting", name)
    time.sleep(2)
    logging.info("Thread %s: finishing", name)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    logging.info("Main    : before creating thread")
    thread = threading.Thread(target=work, args=(1,), daemon=True)
    logging.info("Main    : before running thread")
    thread.start()
    logging.info("Main    : all done")
