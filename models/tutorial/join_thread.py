"""Starts one thread and joins it.

What to learn: join() returns only when the thread has ended, so the main program's last line always
comes after the worker's. Compare start_thread.py, where it may come at any time.
"""
import logging
import threading
import time


def work(name):
    logging.info("worker %s: begins", name)
    time.sleep(0.2)
    logging.info("worker %s: ends", name)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s  %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    worker = threading.Thread(target=work, args=(1,))
    worker.start()
    logging.info("main: waits for the worker")
    worker.join()
    logging.info("main: the worker has ended")
