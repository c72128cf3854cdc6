# divergence --watchdog=200ms
import sys
import threading

n = 0


def spin():
    local = 0
    while len(sys.argv) == 1:
        local += 1


threading.Thread(target=spin).start()
