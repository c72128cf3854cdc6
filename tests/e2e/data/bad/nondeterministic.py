"""Which variable is written next depends on a file that is never the same, not on the schedule: the
same schedule gives other operations each time (32 of them, hardly ever the same)."""
import threading

left = right = 0


def write():
    global left, right
    with open("/dev/urandom", "rb") as file:
        dice = int.from_bytes(file.read(4), "little")
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
