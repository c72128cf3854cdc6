"""Starts one thread and does not join it.

What to learn: the main program's last line usually appears before the worker's, yet nothing is cut
off, because Python waits at exit for every thread that is not a daemon.
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
    logging.info("main: creates the worker")
    worker = threading.Thread(target=work, args=(1,))
    logging.info("main: starts the worker")
    worker.start()
    logging.info("main: has nothing more to do")
