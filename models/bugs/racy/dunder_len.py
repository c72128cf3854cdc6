"""Truth by __len__ in Python, and the item is gone when it is taken."""
import threading


class Stack:
    def __init__(self):
        self.items = [1]

    def __len__(self):
        return len(self.items)


stack = Stack()


def work():
    if stack:
        stack.items.pop()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
