"""What the documents show is what raddle does: tables of programs, code samples. (Commands: docs_commands_test.py.)"""
import os
import re
import subprocess

import documents
import support

TUTORIALS = "docs/tutorials.md"
LIBRARY = "docs/library.md"


def text_of(path):
    return (support.SOURCE / path).read_text(encoding="utf-8")


def blocks_of(path, language):
    return [block for block in documents.blocks_of(support.SOURCE / path) if block.language == language]


class Shown(support.Test):
    def setUp(self):
        super().setUp()
        os.symlink(support.SOURCE / "models", "models")

    def test_table_of_tutorials(self):
        row = re.compile(r"(?m)^\| \[([\w.]+)\]\(\.\./models/tutorial/\1\) \| ([a-z-]+) \| (complete|cut) \| "
                         r"([\d,]+)(?:, of which ([\d,]+) fails?)? \| (\S.*) \|$")
        rows = row.findall(text_of(TUTORIALS))
        programs = sorted(p.name for p in (support.SOURCE / "models/tutorial").glob("*.py"))
        self.assertEqual(sorted(r[0] for r in rows), programs)
        for program, verdict, coverage, executions, failing, _ in rows:
            with self.subTest(program):
                options = ("--all",) if coverage == "complete" else ()
                result = self.raddle("check", "--quiet", *options, "models/tutorial/" + program,
                                     code=0 if verdict == "clean" else 1)
                number = rf"{executions} of {executions} executions? explored \(complete\)"
                if coverage == "cut":
                    number = rf"{executions} executions? explored \(cut: stopped at the first finding\)"
                words = "nothing found"
                if verdict != "clean":
                    words = failing + {"lost-update": " loses? an update", "deadlock": " ends? in a deadlock",
                                       "assertion": " fails? an assertion",
                                       "exception": " ha(?:s|ve) an uncaught exception"}[verdict]
                if coverage == "cut":
                    number += r"(?:, [\d,]+ in all rounds)?(?:, [\d,]+ truncated)?"
                self.assertRegex(result.stdout, rf"^{number}, {words}, ")

    def test_the_number_that_cannot_be_explored(self):
        """Of bare_increment_10.py: two threads that each read and write one variable ten times. In one order of each
        class no read of the first thread comes directly behind a read of the second."""
        def classes(rounds):
            ways = {(0, 0, False): 1}  # by events of each thread, and whether the last was a read of the second
            for _ in range(4 * rounds):
                longer = {}
                for (first, second, read), count in ways.items():
                    if first < 2 * rounds and not (read and first % 2 == 0):
                        key = (first + 1, second, False)
                        longer[key] = longer.get(key, 0) + count
                    if second < 2 * rounds:
                        key = (first, second + 1, second % 2 == 0)
                        longer[key] = longer.get(key, 0) + count
                ways = longer
            return sum(ways.values())
        self.assertEqual((classes(1), classes(2)), (4, 34))
        number = f"{classes(10):,}"
        for path in (TUTORIALS, "models/README.md"):
            self.assertIn(number, text_of(path))


class Effectiveness(support.Test):
    def test_rows_in_strategies(self):
        """docs/strategies.md shows rows of docs/effectiveness.md."""
        row = re.compile(r"(?m)^\| `\w+` (?:\| [-\d,]+(?: \(\d of 5\))? ){10}\|$")
        shown = row.findall(text_of("docs/strategies.md"))
        self.assertGreaterEqual(len(shown), 5)
        self.assertLessEqual(set(shown), set(row.findall(text_of("docs/effectiveness.md"))))


class Messages(support.Test):
    def test_headings_of_the_faq(self):
        """What stands in backquotes there is something that raddle can say."""
        said = []
        for room in ("checker", "reports", "CMakeLists.txt"):
            path = support.SOURCE / room
            for file in [path] if path.is_file() else path.rglob("*"):
                if file.suffix in (".cpp", ".h", ".c", ".py", ".txt", ".cmake"):
                    text = re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8"))  # literals behind one another
                    said.append(text.replace('\\"', '"').replace("\\'", "'"))
        said = "\n".join(said)
        headings = re.findall(r"(?m)^### (.*)$", text_of("docs/faq.md"))
        messages = [m for heading in headings for m in re.findall(r"`([^`]*)`", heading)]
        self.assertGreater(len(messages), 25)
        for message in messages:
            for part in message.split("..."):
                with self.subTest(message):
                    self.assertTrue(part.strip() in said, f"nothing says {part}")


class Paths(support.Test):
    def test_files_that_contributing_names(self):
        named = re.findall(r"`((?:checker|reports|tests|docs|models)/[\w./{},-]+)`", text_of("docs/contributing.md"))
        self.assertGreater(len(named), 40)
        for name in named:
            before, _, rest = name.partition("{")
            endings, _, after = rest.partition("}")
            for ending in endings.split(","):
                with self.subTest(name):
                    self.assertTrue((support.SOURCE / (before + ending + after)).exists())


DRIVER = """
int main() {
  check_two_deposits_locked();
  transfer_is_safe();
  outcomes();
  assert(producer_consumer_works());
  const raddle::Result published = publication();
  assert(published.verdict == raddle::Verdict::clean && published.complete());
  const raddle::Result all = thorough(two_deposits);
  assert(all.verdict == raddle::Verdict::findings && all.complete() && all.find("assertion") && all.find("lost-update"));
  print_errors(all);
  std::cout << "mailbox: " << check_mailbox();
  Mailbox<> ordinary;
  ordinary.put(7);
  assert(ordinary.take() == 7);
}
"""


class Library(support.Test):
    """The samples in docs/library.md compile without a warning, and do what is said."""

    def setUp(self):
        super().setUp()
        if not os.path.exists(f"{os.path.dirname(support.RADDLE)}/lib/libraddle_api.a"):
            self.skipTest("only the program was built")
        self.samples = [block.text for block in blocks_of(LIBRARY, "cpp")]
        self.shown = [block.text for block in blocks_of(LIBRARY, "text")]
        self.assertGreaterEqual(len(self.samples), 8)

    def build(self, name, text):
        build = os.path.dirname(support.RADDLE)
        libraries = [f"-lraddle_{room}" for room in ("api", "reports", "explore", "detect", "engine")]
        done = subprocess.run(
            [os.environ.get("RADDLE_CXX", "g++"), "-std=c++20", "-Wall", "-Wextra", "-Werror", self.write(name + ".cpp", text), "-o", name,
             f"-I{support.SOURCE}", f"-I{support.SOURCE}/checker/api/include", f"-L{build}/lib", *libraries,
             "-lboost_context", "-pthread"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout, "")

    def run_program(self, name, code):
        done = subprocess.run([f"./{name}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def test_first_one(self):
        self.build("bank_test", '#line 1 "bank_test.cpp"\n' + self.samples[0])
        shown, = [text for text in self.shown if text.startswith("ASSERTION ")]
        self.assertEqual(support.without_seconds(self.run_program("bank_test", 1)), support.without_seconds(shown))

    def test_all(self):
        text = "".join(f'#line 1 "sample{i + 1}.cpp"\n{sample}' for i, sample in enumerate(self.samples))
        self.build("samples", text.replace("int main()", "int first_main()", 1) + DRIVER)
        output = self.run_program("samples", 0)
        shown, = [text for text in self.shown if text.startswith("2 of 2 ")]
        self.assertTrue(support.without_seconds(output).startswith(support.without_seconds(shown)), output)
        self.assertRegex(output, r"(?m)^.*sample1.cpp:7: lost-update in 2 of \d+ executions: ")
        self.assertIn("mailbox: DEADLOCK", output)
        self.assertTrue(os.path.exists("traces/thorough-1.json"))

    def test_mailbox(self):
        """What is wrong with it, and what repairs it."""
        mailbox, = [sample for sample in self.samples if "class Mailbox" in sample]
        loops = mailbox.replace("if (full_)", "while (full_)").replace("if (!full_)", "while (!full_)")
        main = "\n#include <iostream>\nint main() { std::cout << check_mailbox(); }\n"
        self.build("loops", loops + main)
        self.assertIn("DEADLOCK", self.run_program("loops", 0))
        self.build("all", loops.replace("notify_one", "notify_all") + main)
        self.assertRegex(self.run_program("all", 0), r"executions explored \(complete\), nothing found")


support.main()
