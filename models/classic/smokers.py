"""Cigarette smokers (Patil): each takes one ingredient and then another one, which somebody else holds already.

Correct: who puts the ingredients down wakes the smoker who can use both.
"""
import sys
import threading

correct = "correct" in sys.argv
KINDS = ("tobacco", "paper", "matches")
table = [threading.Semaphore(0) for _ in KINDS]
turn = [threading.Semaphore(0) for _ in KINDS]  # of the smoker who has the rest


def smoke(own):
    if correct:
        turn[own].acquire()
    table[(own + 1) % 3].acquire()
    table[(own + 2) % 3].acquire()


smokers = [threading.Thread(target=smoke, args=(own,)) for own in range(3)]
for smoker in smokers:
    smoker.start()
for own, smoker in enumerate(smokers):
    table[(own + 1) % 3].release()
    table[(own + 2) % 3].release()
    turn[own].release()
    smoker.join()
print("done")
