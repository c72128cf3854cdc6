import random, threading, secrets, uuid
from show import show

random.seed(7)
show("random", lambda: [random.random() for _ in range(3)])
show("kinds", lambda: (random.randint(1, 100), random.randrange(0, 50, 5), random.choice("abc"), random.choices([1, 2, 3], k=4),
                       random.sample(range(10), 3), random.uniform(1, 2), random.gauss(0, 1), random.getrandbits(70), random.betavariate(1, 2),
                       random.expovariate(1), random.randbytes(5), random.triangular(), random.normalvariate(0, 1), random.paretovariate(2)))
l = list(range(10)); random.shuffle(l)
show("shuffle", lambda: l)
state = random.getstate()
a = [random.random() for _ in range(3)]
random.setstate(state)
show("state", lambda: a == [random.random() for _ in range(3)])
r = random.Random(5)
show("own", lambda: (r.random(), r.randint(1, 6), r.getstate()[1][:3], random.Random("text").random(), random.Random(b"x").random(), random.Random(1.5).random()))
show("seed version", lambda: (random.seed("x", version=1), random.random(), random.seed(-3), random.random()))
show("empty", lambda: random.choice([]))
show("range", lambda: random.randrange(0))
show("sample", lambda: random.sample([1], 2))
show("seed list", lambda: random.seed([1]))
show("getrandbits", lambda: random.getrandbits(-1))
show("system", lambda: (type(random.SystemRandom().random()), len(secrets.token_hex(4)), uuid.uuid4().version, uuid.uuid3(uuid.NAMESPACE_DNS, "a")))
class Own(random.Random):
    def random(self): return 0.25
show("override", lambda: (Own().random(), Own().randint(1, 8), Own().choice("abcd"), Own(3).uniform(0, 4)))
def draw(seed):
    own = random.Random(seed)
    got.append((seed, [own.randint(1, 6) for _ in range(5)]))
got = []
for n in range(2):
    t = threading.Thread(target=draw, args=(n,))
    t.start()
    t.join()
print(got)
