"""A lock that is not released when something goes wrong while it is held."""
import threading

lock = threading.Lock()
balance = 100


def withdraw(amount):
    global balance
    try:
        lock.acquire()
        if amount > balance:
            raise ValueError("not enough money")
        balance -= amount
        lock.release()
    except ValueError as error:
        print(f"{threading.current_thread().name}: {error}")


if __name__ == "__main__":
    threads = [threading.Thread(target=withdraw, args=(amount,)) for amount in (80, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    withdraw(10)
    print(f"balance: {balance}")
