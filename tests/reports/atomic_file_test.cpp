#include "reports/atomic_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "tests/reports/samples.h"

using namespace raddle;
using reports::make_folder;
using reports::write_file;

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// What the user is told when this cannot be written.
std::string complaint(const std::string& path) {
  try {
    write_file(path, "new");
  } catch (const engine::UserError& e) {
    return e.what();
  }
  return "written";
}

}  // namespace

TEST_CASE("a file is written, and replaced, whole and alone") {
  fs::path folder = tests::scratch_folder();
  fs::path path = folder / "a.json";
  write_file(path, "old");
  CHECK(content(path) == "old");
  std::string big(3'000'000, 'x');
  write_file(path, big);
  CHECK(content(path) == big);
  write_file(path, "");
  CHECK(content(path).empty());
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a file in the current folder") {
  fs::path before = fs::current_path();
  fs::current_path(tests::scratch_folder());
  write_file("plain.json", "text");
  CHECK(content("plain.json") == "text");
  CHECK(files_in(".") == 1);
  fs::current_path(before);
}

TEST_CASE("permissions of a file that is there already are kept") {
  fs::path path = fs::path(tests::scratch_folder()) / "a.json";
  write_file(path, "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  write_file(path, "new");
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("where no file can be written, nothing is left behind and the folder is named") {
  fs::path folder = tests::scratch_folder();
  // Below a regular file: impossible for root too.
  write_file((folder / "file").string(), "old");
  std::string path = (folder / "file" / "a.json").string();
  CHECK(complaint(path) == path + ": no file can be written in the folder " + (folder / "file").string() +
                               ": Not a directory. Choose another place, or make this one writable.");
  CHECK(content(folder / "file") == "old");
  std::string missing = (folder / "missing" / "a.json").string();
  CHECK(complaint(missing) ==
        missing + ": no file can be written in the folder " + (folder / "missing").string() +
            ": No such file or directory. Choose another place, or make this one writable.");
  CHECK(complaint(folder.string()) == folder.string() + ": is a folder. Give the name of a file in it.");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a name that is too long fails in the rename, and the temporary file goes away") {
  fs::path folder = tests::scratch_folder();
  std::string path = (folder / std::string(300, 'n')).string();
  CHECK(complaint(path) != "written");
  CHECK(files_in(folder) == 0);
}

TEST_CASE("a full disk leaves the old file as it was") {
  if (!fs::exists("/dev/full")) return;
  CHECK(complaint("/dev/full") ==
        "/dev/full: cannot be written: No space left on device. Choose another place, or "
        "make this one writable.");
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("symbolic links are followed, also dangling ones replaced") {
  fs::path folder = tests::scratch_folder();
  fs::create_directory(folder / "there");
  write_file(folder / "there" / "a.json", "old");
  fs::create_symlink("there/a.json", folder / "link.json");
  write_file(folder / "link.json", "new");
  CHECK(fs::is_symlink(folder / "link.json"));
  CHECK(content(folder / "there" / "a.json") == "new");
  CHECK(files_in(folder / "there") == 1);
  fs::create_symlink("nowhere", folder / "dangling.json");
  write_file(folder / "dangling.json", "new");
  CHECK(content(folder / "dangling.json") == "new");
}

TEST_CASE("pipes and devices are written to, not replaced") {
  fs::path pipe = fs::path(tests::scratch_folder()) / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::string received;
  std::thread reader([&] { received = content(pipe); });
  write_file(pipe, "through the pipe");
  reader.join();
  CHECK(received == "through the pipe");
  CHECK(fs::is_fifo(pipe));
  write_file("/dev/null", "nothing");
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("folders are made with those above them") {
  fs::path folder = tests::scratch_folder();
  std::string deep = (folder / "a" / "b" / "c").string();
  make_folder(deep);
  make_folder(deep);
  CHECK(fs::is_directory(deep));
  write_file(folder / "file", "old");
  std::string below = (folder / "file" / "c").string();
  CHECK_THROWS_WITH_AS(
      make_folder(below),
      (below + ": the folder cannot be made: Not a directory. Choose another place, or make this "
               "one writable.")
          .c_str(),
      engine::UserError);
  CHECK_THROWS_AS(make_folder((folder / "file").string()), engine::UserError);
}
