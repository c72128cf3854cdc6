"""Which variable is written next depends on the clock and the system's random numbers, not on the
schedule: the same schedule gives other operations each time (32 of them, hardly ever the same)."""
import os
import threading
import time

left = right = 0


def write():
    global left, right
    dice = int.from_bytes(os.urandom(4), "little") ^ (time.time_ns() & 0xFFFFFFFF)
    for bit in range(32):
        if dice >> bit & 1:
            left = bit
        else:
            right = bit


def read():
    print("left", left, "right", right)


threads = [threading.Thread(target=write), threading.Thread(target=read)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
