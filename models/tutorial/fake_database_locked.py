"""fake_database.py, repaired: the object owns a lock and holds it during an update.

What to learn: a lock belongs beside the data that it protects, so that no caller can forget it. The
two updates still come in either order, but never overlap.
"""
import concurrent.futures
import logging
import threading
import time


class FakeDatabase:
    def __init__(self):
        self.value = 0
        self._lock = threading.Lock()

    def update(self, name):
        logging.info("update %d: wants the lock", name)
        with self._lock:
            logging.info("update %d: has the lock", name)
            local_copy = self.value
            local_copy += 1
            time.sleep(0.1)
            self.value = local_copy
            logging.info("update %d: gives the lock back", name)
        logging.info("update %d: ends", name)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s  %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    database = FakeDatabase()
    logging.info("main: the value is %d", database.value)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as executor:
        for name in range(2):
            executor.submit(database.update, name)
    logging.info("main: the value is %d", database.value)
