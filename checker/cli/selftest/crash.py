# crash
import ctypes
import sys
import threading

buffer = ctypes.create_string_buffer(b"data")
address = ctypes.addressof(buffer)


def close():
    global address
    address = 0


closer = threading.Thread(target=close)
if len(sys.argv) == 1:
    closer.start()
ctypes.string_at(address)
if len(sys.argv) > 1:
    closer.start()
closer.join()
