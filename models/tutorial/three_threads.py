"""Starts three threads and joins them in the order in which they were started.

What to learn: the order of start() and join() does not say in which order the threads run. They
may begin and end in any order; only "main: all ended" is certain to be last.
"""
import logging
import threading
import time


def work(name):
    logging.info("worker %d: begins", name)
    time.sleep(0.2)
    logging.info("worker %d: ends", name)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s  %(message)s", level=logging.INFO, datefmt="%H:%M:%S")

    workers = []
    for name in range(3):
        logging.info("main: starts worker %d", name)
        worker = threading.Thread(target=work, args=(name,))
        workers.append(worker)
        worker.start()

    for name, worker in enumerate(workers):
        worker.join()
        logging.info("main: worker %d is joined", name)
    logging.info("main: all ended")
