import time
from show import show

for call in ("time.sleep(-1)", "time.sleep('x')", "time.sleep()", "time.sleep(1, 2)", "time.sleep(None)", "time.sleep(float('nan'))",
             "time.sleep(float('inf'))", "time.sleep(1e100)", "time.sleep(seconds=1)", "time.sleep(0)", "time.sleep(0.001)", "time.sleep(True)",
             "time.sleep(1e-12)", "time.sleep(-0.0)", "time.sleep(-1e-12)", "type(time.time())", "type(time.time_ns())", "type(time.monotonic())",
             "type(time.monotonic_ns())", "type(time.perf_counter())", "type(time.perf_counter_ns())", "type(time.process_time())",
             "type(time.process_time_ns())", "type(time.thread_time())", "type(time.thread_time_ns())", "time.time(1)", "time.monotonic(1)",
             "time.gmtime(0)", "time.gmtime('x')", "time.strftime('%Y', time.gmtime(0))", "time.asctime(time.gmtime(0))", "time.ctime(1, 2)",
             "time.mktime(time.gmtime(0)) is not None", "time.strptime('2020', '%Y')", "type(time.localtime())", "type(time.gmtime()).__name__",
             "time.strftime()", "time.strftime(1)", "time.asctime(1)", "time.gmtime(1e30)", "time.gmtime(1, 2)",
             "type(time.clock_gettime(time.CLOCK_MONOTONIC))", "time.clock_gettime('x')", "time.clock_gettime(999)", "time.clock_gettime_ns(999)",
             "time.clock_gettime()", "type(time.clock_gettime_ns(time.CLOCK_REALTIME))", "time.clock_getres(time.CLOCK_MONOTONIC) > 0",
             "time.get_clock_info('monotonic')", "time.get_clock_info('perf_counter')", "time.get_clock_info('process_time')",
             "time.get_clock_info('x')", "time.thread_time(1)", "time.monotonic() <= time.monotonic()", "time.time_ns() <= time.time_ns()",
             "time.perf_counter() <= time.perf_counter()", "sorted(n for n in dir(time) if not n.startswith('__'))", "time.sleep.__doc__",
             "time.monotonic.__doc__", "time.time.__doc__", "time.localtime.__doc__", "time.strftime.__doc__",
             "time.monotonic() - time.monotonic_ns() / 1e9 < 1", "time.time() > 1.6e9", "time.sleep.__name__",
             "time.pthread_getcpuclockid(1.5)", "time.clock_settime(99, 1)"):
    show(call, lambda: eval(call))
before = time.monotonic()
time.sleep(0.25)
print(0.25 <= time.monotonic() - before < 1.25)
before = time.time(), time.perf_counter()
time.sleep(0.01)
print(time.time() - before[0] >= 0.0099, time.perf_counter() - before[1] >= 0.0099)
cpu = time.process_time(), time.thread_time()
time.sleep(0.3)
print(time.process_time() - cpu[0] < 0.2, time.thread_time() - cpu[1] < 0.2)
