"""The same, with a lock that its holder may take again."""
import threading


class Account:
    def __init__(self, lock):
        self.balance = 0
        self.lock = lock

    def deposit(self, amount):
        with self.lock:
            self.balance += amount

    def deposit_all(self, amounts):
        print(f"depositing {amounts}")
        with self.lock:
            for amount in amounts:
                self.deposit(amount)


if __name__ == "__main__":
    account = Account(threading.RLock())
    thread = threading.Thread(target=account.deposit_all, args=([1, 2],))
    thread.start()
    thread.join()
    print(account.balance)
