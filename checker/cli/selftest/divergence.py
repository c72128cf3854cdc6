# divergence --watchdog=200ms
import sys
import threading

n = 0


def spin():
    local = 0
    forever = len(sys.argv) == 1
    while forever:
        local += 1


threading.Thread(target=spin).start()
