"""Installation: what is installed can be used from elsewhere, from CMake, pkg-config and as a Debian package."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import support

BUILD = pathlib.Path(support.RADDLE).parent
CXX = os.environ.get("RADDLE_CXX", "g++")

BANK = """
#include <iostream>
#include <raddle/raddle.h>

int main(int argc, char**) {
  const bool locked = argc > 1;
  const raddle::Result result = raddle::check([&] {
    raddle::variable<int> balance(0, "balance");
    raddle::mutex m("m");
    auto deposit = [&] {
      if (locked) m.lock();
      balance.store(balance.load() + 50);
      if (locked) m.unlock();
    };
    raddle::thread a(deposit), b(deposit);
    a.join();
    b.join();
  });
  std::cout << result;
  return result.verdict == raddle::Verdict::clean ? 0 : 1;
}
"""


def run(*command, **options):
    options.setdefault("env", {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", **options)


class Installed(support.Test):
    @classmethod
    def setUpClass(cls):
        if not (BUILD / "lib/libraddle.a").exists():
            raise support.unittest.SkipTest("only the program was built (target installation)")
        cls.prefix = pathlib.Path(tempfile.mkdtemp(dir=os.getcwd(), prefix="prefix-"))
        cls.addClassCleanup(shutil.rmtree, cls.prefix, ignore_errors=True)
        done = run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        assert done.returncode == 0, done.stdout

    def configure(self, text, **variables):
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\n" + text)
        shutil.rmtree("build", ignore_errors=True)
        variables = {"CMAKE_PREFIX_PATH": self.prefix, "CMAKE_CXX_COMPILER": CXX, **variables}
        return run("cmake", "-S", ".", "-B", "build", "-G", "Ninja", *[f"-D{name}={value}" for name, value in variables.items()])

    def test_files(self):
        files = {str(p.relative_to(self.prefix)) for p in self.prefix.rglob("*") if p.is_file()}
        for file in ("bin/raddle", "lib/libraddle.a", "include/raddle/raddle.h", "lib/cmake/raddle/raddleConfig.cmake",
                     "lib/cmake/raddle/raddleConfigVersion.cmake", "lib/cmake/raddle/raddleTargets.cmake", "share/man/man1/raddle.1.gz",
                     "share/bash-completion/completions/raddle", "share/zsh/vendor-completions/_raddle",
                     "share/fish/vendor_completions.d/raddle.fish", "share/doc/raddle/copyright", "share/doc/raddle/install.md",
                     "share/raddle/schemas/raddle-result-1.schema.json", "lib/python3/dist-packages/raddle.py",
                     "lib/python3/dist-packages/raddle_pytest.py"):
            self.assertIn(file, files)
        self.assertFalse([f for f in files if f.endswith((".cpp", ".in", "CMakeLists.txt"))])
        result = self.raddle("check", support.model("tutorial/lost_update.py"), program=str(self.prefix / "bin/raddle"), code=1)
        self.assertIn("LOST UPDATE", result.stdout)
        self.assertEqual(self.raddle("completion", "bash").stdout, (self.prefix / "share/bash-completion/completions/raddle").read_text())

    def test_cmake_project(self):
        self.write("bank.cpp", BANK)
        shutil.copy(support.model("tutorial/lost_update.py"), "lost_update.py")
        shutil.copy(support.model("tutorial/lost_update_lock.py"), "lost_update_lock.py")
        self.write("raddle.json", '{"models": [{"model": "lost_update.py", "expect": "lost-update"}, "lost_update_lock.py"]}')
        configured = self.configure("""
            project(bank CXX)
            enable_testing()
            find_package(raddle 0.1 REQUIRED)
            add_executable(bank bank.cpp)
            target_link_libraries(bank PRIVATE raddle::raddle)
            raddle_add_check(NAME python_clean MODEL lost_update_lock.py TIMEOUT 60 LABELS threads python)
            raddle_add_check(NAME python_finds MODEL lost_update.py ARGS --all EXPECT lost-update)
            raddle_add_check(NAME python_unexpected MODEL lost_update.py)
            raddle_add_check(NAME python_other MODEL lost_update.py EXPECT deadlock)
            raddle_add_check(NAME python_none MODEL lost_update_lock.py EXPECT lost-update)
            raddle_add_check(NAME module_finds MODULE lost_update EXPECT lost-update
                             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
            raddle_add_check(NAME project PROJECT raddle.json)
            raddle_add_check(NAME library_clean PROGRAM bank ARGS locked PROPERTIES RUN_SERIAL ON)
            raddle_add_check(NAME library_finds PROGRAM bank EXPECT lost-update)
            raddle_add_check(NAME library_unexpected PROGRAM bank)
            raddle_add_check(NAME library_other PROGRAM bank EXPECT deadlock)
            raddle_add_check(NAME library_none PROGRAM bank ARGS locked EXPECT lost-update)
        """)
        self.assertEqual(configured.returncode, 0, configured.stdout)
        built = run("cmake", "--build", "build")
        self.assertEqual(built.returncode, 0, built.stdout)
        self.assertNotIn("warning", built.stdout)
        tested = run("ctest", "--test-dir", "build", "--output-on-failure")
        outcome = dict(re.findall(r"Test +#\d+: (\w+) \.+ *\**(\w+)", tested.stdout))
        self.assertEqual({name for name, verdict in outcome.items() if verdict == "Passed"},
                         {"python_clean", "python_finds", "module_finds", "project", "library_clean", "library_finds"}, tested.stdout)
        self.assertEqual(len(outcome), 12)
        # Another program that fails for another reason is no finding.
        labelled = run("ctest", "--test-dir", "build", "-N", "-L", "threads").stdout
        self.assertIn("python_clean", labelled)
        self.assertIn("Total Tests: 1\n", labelled)
        self.assertTrue(pathlib.Path("build/.raddle/python_finds/lost_update-1.json").exists())

    def test_arguments_of_the_function(self):
        for arguments, says in (
                ("MODEL m.py", "NAME is missing"),
                ("NAME x MODEL missing.py", "raddle_add_check(NAME x): there is no"),
                ("NAME x", "it takes one of MODEL, MODULE, PROJECT and PROGRAM"),
                ("NAME x MODEL m.py MODULE m", "it takes one of MODEL, MODULE, PROJECT and PROGRAM"),
                ("NAME x PROJECT m.py EXPECT deadlock", "EXPECT is for one model"),
                ("NAME x PROGRAM nothing", "there is no target 'nothing'"),
                ("NAME x MODEL m.py EXPECT Bug!", "EXPECT takes clean or a kind of finding"),
                ("NAME x MODEL m.py EXPECT", "there is no value behind EXPECT"),
                ("NAME x m.py", "'m.py' is none of its arguments")):
            with self.subTest(arguments):
                self.write("m.py", "")
                done = self.configure("project(x NONE)\nenable_testing()\nfind_package(raddle REQUIRED COMPONENTS program)\n"
                                      f"raddle_add_check({arguments})")
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(says, " ".join(done.stdout.split()))

    def test_versions_and_components(self):
        done = self.configure("project(x NONE)\nfind_package(raddle 99 REQUIRED)")
        self.assertIn("raddleConfig.cmake, version: 0.1.0", done.stdout)
        done = self.configure("project(x NONE)\nfind_package(raddle REQUIRED COMPONENTS engine)")
        self.assertIn("raddle has no component 'engine'", done.stdout)
        done = self.configure("project(x NONE)\nfind_package(raddle QUIET COMPONENTS engine)\nmessage(STATUS \"found:${raddle_FOUND}\")")
        self.assertIn("found:0", done.stdout.replace("FALSE", "0"))

    def test_pkg_config(self):
        self.write("bank.cpp", BANK)
        flags = run("pkg-config", "--cflags", "--libs", "raddle",
                    env={**os.environ, "PKG_CONFIG_PATH": str(self.prefix / "lib/pkgconfig")}).stdout.split()
        done = run(CXX, "bank.cpp", "-o", "bank", *flags)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("LOST UPDATE  balance", run("./bank").stdout)

    def test_add_subdirectory(self):
        """Nothing of raddle is in the installation of a project that contains it, and models can be checked."""
        self.write("m.py", "")
        self.write("bank.cpp", BANK)
        source = f"add_subdirectory({support.SOURCE} raddle EXCLUDE_FROM_ALL)\n"
        library = ("project(x CXX)\nenable_testing()\nset(RADDLE_PYTHON OFF)\nset(RADDLE_NATIVE OFF)\n" + source +
                   "add_executable(bank bank.cpp)\ntarget_link_libraries(bank raddle::raddle)\nraddle_add_check(NAME b PROGRAM bank)\n")
        done = self.configure(library)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("libraddle.a", pathlib.Path("build/build.ninja").read_text())
        self.assertNotIn("raddle", run("cmake", "--install", "build", "--prefix", "p").stdout)
        done = self.configure(library + "raddle_add_check(NAME m MODEL m.py)\n")
        self.assertIn("set RADDLE_CLI and RADDLE_PYTHON to ON", " ".join(done.stdout.split()))
        done = self.configure("project(x C CXX)\nenable_testing()\nset(RADDLE_CLI ON)\n" + source + "raddle_add_check(NAME m MODEL m.py)\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("m.py", run("ctest", "--test-dir", "build", "-N", "-V").stdout)


class Debian(support.Test):
    def test_package(self):
        if not (shutil.which("dpkg-shlibdeps") and shutil.which("file")):
            self.skipTest("dpkg-dev and file are not both installed")
        if not (BUILD / "lib/libraddle.a").exists():
            self.skipTest("only the program was built (target installation)")
        done = run("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        architecture = run("dpkg", "--print-architecture").stdout.strip()
        package = f"raddle_0.1.0_{architecture}.deb"
        self.assertIn(package, os.listdir("."))
        control = run("dpkg-deb", "--field", package).stdout
        maintainer = re.search(r"(?m)^RADDLE_MAINTAINER:STRING=(.*)$", (BUILD / "CMakeCache.txt").read_text(encoding="utf-8"))[1]
        self.assertIn(f"\nMaintainer: {maintainer}\n", control)
        depends = re.search(r"(?m)^Depends: (.*)$", control)[1]
        for library in ("libpython3.11 ", "libc6 ", "libstdc++6 ", "libpcre2-8-0 "):
            self.assertIn(library, depends)
        self.assertEqual(run("dpkg", "-x", package, "root").returncode, 0)
        raddle = os.path.abspath("root/usr/bin/raddle")
        result = self.raddle("check", support.model("tutorial/lost_update.py"), program=raddle, code=1)
        self.assertIn("LOST UPDATE", result.stdout)
        for path in ("share/doc/raddle/changelog.gz", "share/doc/raddle/copyright", "lib/python3/dist-packages/raddle_pytest.py",
                     "lib/libraddle.a"):
            self.assertTrue(pathlib.Path("root/usr", path).exists(), path)
        for path in pathlib.Path("root").rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o022, 0, path)

    def test_maintainer(self):
        """Whoever makes the package, as Debian's tools know him; or what is said."""
        def contact(*options, **environment):
            inherited = {k: v for k, v in os.environ.items() if not k.startswith("DEB")}
            done = run("cmake", "-S", support.SOURCE, "-B", "b", "--fresh", "-DRADDLE_TESTS=OFF", "-DRADDLE_BENCHMARKS=OFF", *options,
                       env={**inherited, **environment})
            return done.returncode, done.stdout if done.returncode else re.search(
                r'set\(CPACK_PACKAGE_CONTACT "(.*)"\)', pathlib.Path("b/CPackConfig.cmake").read_text(encoding="utf-8"))[1]
        jo = {"DEBFULLNAME": "Jo Doe", "DEBEMAIL": "jo@example.org"}
        self.assertEqual(contact(), (0, "raddle local build <nobody@localhost>"))
        self.assertEqual(contact(**jo), (0, "Jo Doe <jo@example.org>"))
        self.assertEqual(contact("-DRADDLE_MAINTAINER=Al <al@example.org>", **jo), (0, "Al <al@example.org>"))
        code, text = contact("-DRADDLE_MAINTAINER=al@example.org")
        self.assertNotEqual(code, 0)
        self.assertIn("has to be like 'Jo Doe <jo@example.org>'", " ".join(text.split()))


support.main()
