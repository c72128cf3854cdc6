"""Two workers of a thread pool update one value that stands for a row in a database.

Each copies the value, changes its copy, takes a moment, and stores the copy. What to learn: a pool
starts and joins the threads, but it protects nothing that they share; one update can get lost.
"""
import concurrent.futures
import logging
import time


class FakeDatabase:
    def __init__(self):
        self.value = 0

    def update(self, name):
        logging.info("update %d: begins", name)
        local_copy = self.value
        local_copy += 1
        time.sleep(0.1)
        self.value = local_copy
        logging.info("update %d: ends", name)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s  %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    database = FakeDatabase()
    logging.info("main: the value is %d", database.value)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as executor:
        for name in range(2):
            executor.submit(database.update, name)
    logging.info("main: the value is %d", database.value)
