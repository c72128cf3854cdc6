"""Truth by __len__ in Python and taking the item under a lock."""
import threading


class Stack:
    def __init__(self):
        self.items = [1]

    def __len__(self):
        return len(self.items)


stack = Stack()
lock = threading.Lock()


def work():
    with lock:
        if stack:
            stack.items.pop()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
