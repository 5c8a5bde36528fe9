#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/config/config_keys.h"
#include "service/config/path_tokens.h"
#include "service/config/read_config.h"
#include "tests/support/database.h"

namespace holdfast {
namespace {

struct Row {
  std::string value_default;
  std::string example;

  bool operator==(const Row&) const = default;
};

std::string page() {
  return file_content(text_path(HOLDFAST_SOURCE) / "docs/config.md");
}

std::string first_config(const std::string& text) {
  const std::string fence = "```jsonc\n";
  const std::size_t begin = text.find(fence) + fence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) {
    const std::size_t begin = cell.find_first_not_of(' ');
    cells.push_back(begin == std::string::npos
                        ? ""
                        : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
  }
  return cells;
}

std::string without_ticks(const std::string& cell) {
  return cell.size() > 2 && cell.front() == '`' ? cell.substr(1, cell.size() - 2) : cell;
}

// The rows of the tables of four columns: those of keys.
std::map<std::string, Row> rows_of_page() {
  std::map<std::string, Row> rows;
  std::istringstream stream(page());
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("| `")) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 4) continue;
    rows[without_ticks(cells[0])] = {without_ticks(cells[2]), without_ticks(cells[3])};
  }
  return rows;
}

TEST_CASE("The page about the configuration has every key, with its default and its example") {
  constexpr std::string_view kDataset = "datasets[].";
  std::map<std::string, Row> expected;
  for (const ConfigKey& key : config_keys()) {
    if (key.path.ends_with("[]") || key.path.ends_with("{}")) continue;
    const bool of_dataset = key.path.starts_with(kDataset);
    const std::string name(of_dataset ? key.path.substr(kDataset.size()) : key.path);
    expected[name] = {key.required ? "required" : std::string(key.default_value),
                      std::string(key.example)};
  }
  const std::map<std::string, Row> told = rows_of_page();
  for (const auto& [name, row] : expected) {
    CAPTURE(name);
    REQUIRE(told.contains(name));
    CHECK(told.at(name).value_default == row.value_default);
    CHECK(told.at(name).example == row.example);
  }
  CHECK(told.size() == expected.size());
}

// "keep.*" stands for all settings that begin with "keep.".
bool covers(const std::string& word, std::string_view setting) {
  if (!word.ends_with('*')) return word == setting;
  return setting.starts_with(word.substr(0, word.size() - 1));
}

// The words between backticks from a text to the end of its sentence.
std::vector<std::string> words_of_sentence(const std::string& text, const std::string& begin) {
  std::vector<std::string> words;
  const std::size_t first = text.find(begin);
  REQUIRE(first != std::string::npos);
  std::istringstream parts(text.substr(first, text.find("`.", first) + 1 - first));
  bool is_word = false;
  for (std::string part; std::getline(parts, part, '`'); is_word = !is_word) {
    if (is_word) words.push_back(part);
  }
  return words;
}

TEST_CASE("The page about the configuration tells every setting that a policy can set") {
  constexpr std::string_view kDataset = "datasets[].";
  const std::vector<std::string> words = words_of_sentence(page(), "Policies can set `");
  std::set<std::string> used;
  for (const ConfigKey& key : config_keys()) {
    if (!key.path.starts_with(kDataset)) continue;
    const std::string_view setting = key.path.substr(kDataset.size());
    bool is_told = false;
    for (const std::string& word : words) {
      if (!covers(word, setting)) continue;
      is_told = true;
      used.insert(word);
    }
    CAPTURE(setting);
    CHECK(is_told == is_policy(key));
  }
  CHECK(used.size() == words.size());
}

TEST_CASE("The page about the configuration begins with one that is good, and has every token") {
  const std::string text = page();
  CHECK(read_config(first_config(text)).is_good());
  for (const std::string_view token : path_tokens()) {
    CAPTURE(token);
    CHECK(text.find("| `{" + std::string(token) + "}` |") != std::string::npos);
  }
}

TEST_CASE("The configuration in the readme is good") {
  CHECK(
      read_config(first_config(file_content(text_path(HOLDFAST_SOURCE) / "README.md"))).is_good());
}

}  // namespace
}  // namespace holdfast
