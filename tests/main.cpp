// main() of every test program.
//
// CTest runs each program once per test file (--source-file=*/tests/engine/mutex_test.cpp), which has two traps: a
// filter that matches nothing passes, and a test case outside of the *_test.cpp files never runs. Both fail here.
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdio>
#include <string_view>

#include <doctest/doctest.h>

namespace {

unsigned selected = 0;

struct Counter : doctest::IReporter {
  explicit Counter(const doctest::ContextOptions&) {}
  void test_run_end(const doctest::TestRunStats& stats) override {
    selected = stats.numTestCasesPassingFilters;
  }

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};

REGISTER_LISTENER("counter", 1, Counter);

bool all_in_test_files() {
  bool good = true;
  for (const auto& test : doctest::detail::getRegisteredTests()) {
    if (std::string_view(test.m_file.c_str()).ends_with("_test.cpp")) continue;
    std::fprintf(stderr, "%s:%u: CTest never runs this test case: move it to a file named *_test.cpp\n",
                 test.m_file.c_str(), test.m_line);
    good = false;
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (!all_in_test_files()) return 1;
  doctest::Context context(argc, argv);
  int status = context.run();
  if (context.shouldExit()) return status;
  if (selected == 0) {
    std::fputs("no test case selected\n", stderr);
    return 1;
  }
  return status;
}
