"""A task that is called wrongly: the pool keeps the error in the task's future, and nobody looks."""
import concurrent.futures
import logging


def work():
    logging.info("never gets here")


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as executor:
        executor.submit(work, 1)
    logging.info("all done, it seems")
