"""Does not compile: line 5 lacks its colon."""
import threading


def work()
    print("never runs")


threading.Thread(target=work).start()
