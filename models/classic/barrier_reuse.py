"""A barrier out of a counter and a semaphore, used twice: who is fast passes it a second time (The Little Book of Semaphores).

Correct: a second gate, through which everybody leaves before the next round.
"""
import sys
import threading

correct = "correct" in sys.argv
THREADS, ROUNDS = 2, 2
mutex = threading.Lock()
gates = [threading.Semaphore(0), threading.Semaphore(1)]
arrived = 0
rounds = [0] * THREADS


def pass_through(gate):
    gate.acquire()
    gate.release()


def arrive():
    global arrived
    with mutex:
        arrived += 1
        if arrived == THREADS:
            if correct:
                gates[1].acquire()
            gates[0].release()
    pass_through(gates[0])


def leave():
    global arrived
    with mutex:
        arrived -= 1
        if arrived == 0:
            gates[0].acquire()
            if correct:
                gates[1].release()
    if correct:
        pass_through(gates[1])


def work(me):
    for n in range(1, ROUNDS + 1):
        rounds[me] = n
        arrive()
        assert min(rounds) >= n, "everybody has finished this round"
        leave()


threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
