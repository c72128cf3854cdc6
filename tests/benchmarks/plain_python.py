"""Runs a model's main() again and again with ordinary OS threads; prints microseconds per run (CPU and wall)."""
import importlib.util
import sys
import time

spec = importlib.util.spec_from_file_location("model", sys.argv[1])
model = importlib.util.module_from_spec(spec)
spec.loader.exec_module(model)
runs = int(sys.argv[2])
best = (float("inf"), float("inf"))
for _ in range(5):
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(runs):
        model.main()
    best = min(best, ((time.perf_counter() - wall) / runs * 1e6, (time.process_time() - cpu) / runs * 1e6))
print(*best)
