"""pipeline.py with one line moved: get_message() looks at the message only after it has let the
producer go on. The next message may be there by then: one is lost, and the next may come twice.

What to learn: what a lock protects must be read before the lock is given away.
"""
import threading

MESSAGES = 3
SENTINEL = object()


class Pipeline:
    def __init__(self):
        self.message = None
        self.producer_lock = threading.Lock()
        self.consumer_lock = threading.Lock()
        self.consumer_lock.acquire()

    def set_message(self, message):
        self.producer_lock.acquire()
        self.message = message
        self.consumer_lock.release()

    def get_message(self):
        self.consumer_lock.acquire()
        self.producer_lock.release()
        return self.message  # too late


def producer(pipeline):
    for number in range(1, MESSAGES + 1):
        pipeline.set_message(number)
    pipeline.set_message(SENTINEL)


def consumer(pipeline):
    received = []
    while (message := pipeline.get_message()) is not SENTINEL:
        received.append(message)
    assert received == list(range(1, MESSAGES + 1)), f"received {received}"
    print("received", received)


if __name__ == "__main__":
    pipeline = Pipeline()
    threads = [threading.Thread(target=side, args=(pipeline,)) for side in (producer, consumer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
