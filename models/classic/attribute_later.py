"""A thread is started in the constructor, before the attribute that it uses is there.

Correct: afterwards.
"""
import sys
import threading

correct = "correct" in sys.argv


class Service:
    def __init__(self):
        self.thread = threading.Thread(target=self.run)
        if not correct:
            self.thread.start()
        self.requests = ["request"]
        if correct:
            self.thread.start()

    def run(self):
        assert self.requests


Service().thread.join()
print("done")
