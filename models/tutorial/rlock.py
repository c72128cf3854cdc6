"""double_acquire.py with an RLock, which ends.

What to learn: an RLock remembers its owner and counts, so the thread that holds it may acquire it
again. It is free for others only after as many releases.
"""
import threading

if __name__ == "__main__":
    lock = threading.RLock()
    print("acquires the lock")
    lock.acquire()
    print("acquires it again")
    lock.acquire()
    print("has it twice")
    lock.release()
    lock.release()
    print("has given it back")
