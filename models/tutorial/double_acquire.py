"""Acquires the same Lock twice and waits for ever.

What to learn: a Lock does not know who holds it, so a thread that asks for its own lock waits for
itself. Under plain python3 the program hangs; stop it with Ctrl-C. rlock.py is the repair.
"""
import threading

if __name__ == "__main__":
    lock = threading.Lock()
    print("acquires the lock")
    lock.acquire()
    print("acquires it again")
    lock.acquire()
    print("has it twice")  # never reached
