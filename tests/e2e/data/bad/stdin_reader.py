"""Reads a line in the main program and one in a thread; EOFError where standard input is empty."""
import threading


def read():
    print("the thread read", repr(input()))


print("main read", repr(input()))
thread = threading.Thread(target=read)
thread.start()
thread.join()
