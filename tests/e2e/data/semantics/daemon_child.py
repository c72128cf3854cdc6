import threading
from show import show
# Names, numbers and inheritance of threads that threads start.
def leaf(): print("leaf", threading.current_thread().daemon)
def inner():
    t = threading.Thread(None, leaf, "leaf")
    t.start(); t.join()
    t = threading.Thread(None, leaf, "leaf", daemon=False)
    t.start(); t.join()
for daemon in (True, False):
    t = threading.Thread(target=inner, daemon=daemon)
    t.start(); t.join()
names = []
def record(): names.append(threading.current_thread().name)
for _ in range(3):
    t = threading.Thread(target=record); t.start(); t.join()
t = threading.Thread(target=lambda: names.append(threading.current_thread().name)); t.start(); t.join()
print(names)
