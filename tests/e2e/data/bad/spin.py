"""A thread spins for ever on a local variable that nobody can change."""
import threading


def spin():
    done = False
    while not done:
        pass


thread = threading.Thread(target=spin)
thread.start()
thread.join()
print("never printed")
