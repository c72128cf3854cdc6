#include "reports/utf8.h"

#include <doctest/doctest.h>

#include "reports/styled_text.h"

using namespace raddle::reports;

TEST_CASE("widths") {
  CHECK(display_width("") == 0);
  CHECK(display_width("plain") == 5);
  CHECK(display_width("größe") == 5);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("🎉") == 2);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("\xFF\xFE") == 2);
}

TEST_CASE("what could harm a terminal is escaped, what is not UTF-8 replaced") {
  CHECK(printable("a\n\t\r\x1b[31m\x7f") == "a\\n\\t\\r\\x1b[31m\\x7f");
  CHECK(printable("\u202Eevil\u2066\u0085") == "\\u202eevil\\u2066\\x85");
  CHECK(printable(std::string_view("\0", 1)) == "\\x00");
  CHECK(printable("ü日🎉") == "ü日🎉");
  CHECK(printable("a\xFFz") == "a\uFFFDz");
  CHECK(printable("\xC0\xAF") == "\uFFFD\uFFFD");            // overlong
  CHECK(printable("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");  // surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(printable("\xE6\x97") == "\uFFFD\uFFFD");  // truncated
  CHECK(valid_utf8("\x1b\xFF\n") == "\x1b\uFFFD\n");
}

TEST_CASE("eliding") {
  CHECK(elide("abcdef", 6) == "abcdef");
  CHECK(elide("abcdefg", 6) == "abc...");
  CHECK(elide("abcdefg", 2) == "..");
  CHECK(elide("abcdefg", 0).empty());
  CHECK(elide_middle("ThreadPoolExecutor-0_1", 22) == "ThreadPoolExecutor-0_1");
  CHECK(elide_middle("ThreadPoolExecutor-0_1", 16) == "ThreadP...or-0_1");
  CHECK(elide_middle("ThreadPoolExecutor-0_1", 5) == "Th...");
  CHECK(display_width(elide_middle("日本語のとても長い名前です", 11)) <= 11);
  CHECK(elide("日本語テキスト", 8) == "日本...");  // 7 cells: half a character is none
  CHECK(elide("ae\u0301iou", 5) == "ae\u0301iou");
  CHECK(elide("abe\u0301iou!", 6) == "abe\u0301...");
  for (std::size_t width = 0; width < 20; ++width) {
    for (const char* text :
         {"日本語テキスト日本語テキスト", "plain text, quite long indeed", "\xFF\xFF\xFF\xFF\xFF"}) {
      CHECK(display_width(elide(text, width)) <= width);
    }
  }
}

TEST_CASE("wrapping") {
  using Lines = std::vector<std::string>;
  CHECK(wrap("", 10).empty());
  CHECK(wrap("one two three", 8) == Lines{"one two", "three"});
  CHECK(wrap("a/path/that/is/long b", 6) == Lines{"a/path/that/is/long", "b"});
  CHECK(wrap("one\n\n  two three\n", 20) == Lines{"one", "", "  two three"});
  CHECK(wrap("a\tb\x1b", 20) == Lines{"a\\tb\\x1b"});
  CHECK(wrap("日本 日本", 5) == Lines{"日本", "日本"});
}

TEST_CASE("styled text") {
  StyledText plain(false);
  plain.put(2, "a", style::kError);
  plain.put(6, "b");
  plain.put(3, "c");  // already beyond
  plain.put(40, "");
  plain.end_line();
  plain.paragraph(2, "one two", 6);
  CHECK(plain.take() == "  a   b  c\n  one\n  two\n");

  StyledText coloured(true);
  coloured.put(2, "日", style::kError);
  coloured.put(6, "b");
  coloured.end_line();
  CHECK(coloured.take() == "  \x1b[1;31m日\x1b[0m  b\n");
}
