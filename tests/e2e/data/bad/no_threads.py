"""Starts no thread: nothing is wrong with that."""
total = 0
for number in range(5):
    total += number
print("total", total)
