#include "service/config/json_tree.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("Every key and value knows its line and its column in characters") {
  const JsonTree tree = parse_json_tree(
      "\xEF\xBB\xBF// a comment with \"quotes\"\r\n"
      "{ /* another \" */ \"a\": 12,\r\n"
      "\t\"\xC3\xBC\\\"\": \"\xC3\xA4\\\\\",  \"b\" :true,\n"
      "  \"list\": [null , -1.5e1,\n"
      "false,{}], \"c\":\"\" }");
  REQUIRE_FALSE(tree.fault);
  const auto& members = tree.root.members;
  REQUIRE(members.size() == 5);
  CHECK(tree.root.place == JsonPlace{2, 1});
  CHECK(members[0].place == JsonPlace{2, 19});
  CHECK(members[0].value.place == JsonPlace{2, 24});
  CHECK(members[0].value.integer == 12);
  CHECK(members[1].key == "\xC3\xBC\"");
  CHECK(members[1].place == JsonPlace{3, 2});
  CHECK(members[1].value.text == "\xC3\xA4\\");
  CHECK(members[1].value.place == JsonPlace{3, 9});
  CHECK(members[2].value.place == JsonPlace{3, 22});
  CHECK(members[2].value.boolean);
  const auto& items = members[3].value.members;
  REQUIRE(items.size() == 4);
  CHECK(items[0].value.place == JsonPlace{4, 12});
  CHECK(items[1].value.place == JsonPlace{4, 19});
  CHECK(items[1].value.integer == -15);
  CHECK(items[2].value.place == JsonPlace{5, 1});
  CHECK(items[3].value.place == JsonPlace{5, 7});
  CHECK(members[4].value.place == JsonPlace{5, 16});
  CHECK(json_text(members[3].value) == "[null, -1.5e1, false, {}]");
}

TEST_CASE("What is no JSON is told with its place, in words for somebody who seldom edits any") {
  struct Row {
    std::string text;
    JsonPlace place;
    std::string sentence;
  };
  const std::string backslash =
      "A backslash begins a special character here; write each backslash twice, like "
      "\"E:\\\\Backups\".";
  const Row rows[] = {
      {"", {1, 1}, "There is nothing in this text."},
      {"// only this", {1, 12}, "There is nothing in this text."},
      {"{\"a\": 1,}", {1, 9}, "There is a comma too many before this \"}\"."},
      {"{\"a\": [1,\n2,]}",
       {2, 3},
       "A value is missing before this \"]\", or there is a comma too many."},
      {"{\"a\": 1\n \"b\": 2}", {2, 2}, "A comma is missing before this."},
      {"{\"a\": [1 2]}", {1, 10}, "A comma is missing before this."},
      {"{\"a\" 1}", {1, 6}, "A \":\" is missing before this."},
      {"{\"a\": }", {1, 7}, "A value is expected here."},
      {"{1: 2}", {1, 2}, "A key is expected here, in double quotes."},
      {"{'a': 1}",
       {1, 2},
       "This is no value; keys and texts stand in double quotes, true, false and numbers without."},
      {"{\"a\": yes}",
       {1, 7},
       "This is no value; keys and texts stand in double quotes, true, false and numbers without."},
      {"{\"a\": \"E:\\Backups\"}", {1, 11}, backslash},
      {"{\"a\": \"C:\\users\"}", {1, 12}, backslash},
      {"{\"a\": \"x\n}", {1, 9}, "This text has no closing quote on its line."},
      {"{\"a\": \"x\ty\"}",
       {1, 9},
       "There is a control character in this text, a tab perhaps; remove it."},
      {"{\"a\": /* x", {1, 10}, "The comment does not end; \"*/\" is missing."},
      {"{\"a\": # x\n1}",
       {1, 7},
       "This is no value; keys and texts stand in double quotes, true, false and numbers without."},
      {"{\"a\": -}", {1, 8}, "This is no number."},
      {"{\"a\": 1e999}", {1, 7}, "This number is too large."},
      {"{} {}", {1, 4}, "There is something behind the end of the configuration; remove it."},
      {"{\"a\": [1}", {1, 9}, "A list ends in \"]\", not in \"}\"."},
      {"{\"a\": 1]", {1, 8}, "An object ends in \"}\", not in \"]\"."},
      {"{\n \"a\": [\n{}",
       {3, 2},
       "The text ends before the list that begins in line 2 does; \"]\" is missing."},
      {"{\"a\": \"\xFF\"}",
       {1, 8},
       "This is not UTF-8; save the file again with the encoding UTF-8."},
      {std::string("\xFF\xFE{\0", 4),
       {1, 1},
       "The text is UTF-16, not UTF-8; save it again with the encoding UTF-8."},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const JsonTree tree = parse_json_tree(row.text);
    REQUIRE(tree.fault);
    CHECK(tree.fault->sentence == row.sentence);
    CHECK(tree.fault->place.line == row.place.line);
    CHECK(tree.fault->place.column == row.place.column);
  }
}

TEST_CASE("A text that is too long, too deep or has too many values is refused") {
  const std::string deep = std::string(100'000, '[');
  CHECK(parse_json_tree(deep).fault->sentence == "This is nested deeper than 16 levels.");
  CHECK_FALSE(parse_json_tree(std::string(16, '[') + std::string(16, ']')).fault);
  std::string many = "[0";
  for (int i = 0; i < 200'000; ++i) many += ",0";
  CHECK(parse_json_tree(many + "]").fault->sentence == "There are more than 100000 values here.");
  const std::string padded = "{}" + std::string(kMaxConfigBytes - 2, ' ');
  CHECK_FALSE(parse_json_tree(padded).fault);
  CHECK(parse_json_tree(padded + " ").fault->sentence == "The text is longer than 1048576 bytes.");
}

}  // namespace
}  // namespace holdfast
