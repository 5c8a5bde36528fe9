#include "service/command_line/text_layout.h"

#include <algorithm>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "service/command_line/display_width.h"

namespace holdfast {
namespace {

TEST_CASE("The width of a text is what it takes on a terminal") {
  struct Row {
    const char* text;
    std::size_t columns;
  };
  const Row rows[] = {
      {"", 0},         {"plain", 5},        {"Größe", 5}, {"日本", 4},
      {"e\u0301", 1},  {"क्लिनिक", 6},       {"한국", 4},  {"👩", 2},
      {"a\u200Db", 2}, {"\xFF\xE6\x97", 3}, {"ﬁ", 1},     {"\u1100\u1161", 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(display_width(row.text) == row.columns);
  }
}

TEST_CASE("Text is wrapped at words, never within one, and goes on where it began") {
  CHECK(wrapped("one two three", 8) == "one two\nthree");
  CHECK(wrapped("  one   two  ", 80) == "one two");
  CHECK(wrapped("one two three", 10, 4) == "one\n    two\n    three");
  CHECK(wrapped("a clinic_20261120T100000Z_PC.zip b", 10) ==
        "a\nclinic_20261120T100000Z_PC.zip\nb");
  CHECK(wrapped("日本 日本 日本", 9) == "日本 日本\n日本");
  CHECK(wrapped("", 10).empty());
  CHECK(led("At risk:", "one two three four five six seven", {.columns = 34}) ==
        "At risk: one two three four five\n         six seven\n");
  CHECK(led("A lead that leaves no room:", "for text", {.columns = 40}) ==
        "A lead that leaves no room:\n    for text\n");
}

TEST_CASE("Columns of a table are as wide as their widest cell on the terminal") {
  Table table({{"Name"}, {"Size", Table::Column::Align::Right}, {"Told"}});
  table.add({{"日本"}, {"1"}, {"x"}});
  table.add({{"Größe"}, {"100"}, {""}}, {"with a note"});
  CHECK(table.text({}) ==
        "Name   Size  Told\n"
        "日本      1  x\n"
        "Größe   100\n"
        "    with a note\n");
}

TEST_CASE("A table stays within its columns, whatever it is given") {
  Table table({{"Name"}, {"Told"}});
  const std::string words =
      "many words that go on and on, much longer than a line can be made, "
      "until there is no end of it";
  table.add({{"short"}, {words}}, {words});
  table.add({{std::string(40, 'x')}, {words}});
  std::istringstream lines(table.text({.columns = 60}));
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  CHECK(widest <= 60);
}

TEST_CASE("An endless cell pushes only its own row aside") {
  Table table({{"Name"}, {"Told"}});
  table.add({{std::string(300, 'x')}, {"a"}});
  table.add({{"short"}, {"b"}});
  CHECK(table.text({}).ends_with("\nshort  b\n"));
}

TEST_CASE("A hostile cell cannot steer the terminal") {
  Table table({{"Name"}, {"Told"}});
  table.add({{"a\x1B[2Jb"}, {"c\r\nd"}}, {"e\x07"});
  const std::string text = table.text({});
  CHECK(text.find_first_of("\x1B\r\x07") == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("Words have colour only on a terminal that shows it and whose user wants it") {
  const TerminalFacts terminal{.is_terminal = true, .takes_colour = true, .term = "xterm"};
  CHECK(style_for(terminal).colour == Style::Colour::OfWords);
  auto facts = terminal;
  facts.is_terminal = false;
  CHECK(style_for(facts).colour == Style::Colour::None);
  facts = terminal;
  facts.takes_colour = false;
  CHECK(style_for(facts).colour == Style::Colour::None);
  facts = terminal;
  facts.no_color = "1";
  CHECK(style_for(facts).colour == Style::Colour::None);
  facts = terminal;
  facts.term = "dumb";
  CHECK(style_for(facts).colour == Style::Colour::None);

  CHECK(toned("good", Tone::Good, {}) == "good");
  const Style coloured{.colour = Style::Colour::OfWords};
  CHECK(toned("good", Tone::Good, coloured) == "\x1B[32mgood\x1B[0m");
  CHECK(toned("plain", Tone::Plain, coloured) == "plain");
}

TEST_CASE("Lines end before the terminal does, and never behind the 80th column") {
  CHECK(style_for({}).columns == 79);
  CHECK(style_for({.is_terminal = true, .columns = 200}).columns == 79);
  CHECK(style_for({.is_terminal = true, .columns = 60}).columns == 59);
  CHECK(style_for({.is_terminal = true, .columns = 3}).columns == 40);
}

TEST_CASE("Colour changes nothing of where words stand") {
  Table table({{"Health"}, {"Told"}});
  table.add({{"at risk", Tone::Bad}, {"x"}}, {"BAD: it is", Tone::Bad});
  std::string text = table.text({.colour = Style::Colour::OfWords});
  for (const std::string code : {"\x1B[31m", "\x1B[0m", "\x1B[31m", "\x1B[0m"}) {
    const std::size_t place = text.find(code);
    REQUIRE(place != std::string::npos);
    text.erase(place, code.size());
  }
  CHECK(text == table.text({}));
}

}  // namespace
}  // namespace holdfast
