"""A field of a dataclass is increased by two threads."""
import dataclasses
import threading


@dataclasses.dataclass
class Account:
    balance: int = 0


account = Account()


def deposit():
    account.balance += 5


threads = [threading.Thread(target=deposit) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert account.balance == 10
