"""A producer hands messages to a consumer through a place that holds one, guarded by two locks.

Each side acquires its own lock and releases the other's, so they take turns. What to learn: a Lock
may be released by another thread than the one that acquired it, and can serve as a signal.
"""
import concurrent.futures
import logging
import random
import threading

MESSAGES = 3
SENTINEL = object()


class Pipeline:
    def __init__(self):
        self.message = None
        self.producer_lock = threading.Lock()  # free: there is room for a message
        self.consumer_lock = threading.Lock()  # free: there is a message to take
        self.consumer_lock.acquire()

    def set_message(self, message):
        self.producer_lock.acquire()
        self.message = message
        self.consumer_lock.release()

    def get_message(self):
        self.consumer_lock.acquire()
        message = self.message
        self.producer_lock.release()
        return message


def producer(pipeline):
    for _ in range(MESSAGES):
        message = random.randint(1, 100)
        logging.info("producer: sends %d", message)
        pipeline.set_message(message)
    pipeline.set_message(SENTINEL)


def consumer(pipeline):
    while (message := pipeline.get_message()) is not SENTINEL:
        logging.info("consumer: keeps %d", message)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s  %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    pipeline = Pipeline()
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as executor:
        executor.submit(producer, pipeline)
        executor.submit(consumer, pipeline)
