"""A field of a dataclass is increased by two threads under a lock."""
import dataclasses
import threading


@dataclasses.dataclass
class Account:
    balance: int = 0
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)


account = Account()


def deposit():
    with account.lock:
        account.balance += 5


threads = [threading.Thread(target=deposit) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert account.balance == 10
