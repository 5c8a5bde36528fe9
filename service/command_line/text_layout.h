#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/command_line/style.h"

namespace holdfast {

// Filled with blanks up to a width in columns; what is wider stays whole.
std::string padded(std::string_view text, std::size_t columns);

// The text's words, in lines that end before `columns`; those after the first are indented. The
// first begins at the column `first`, where the caller has written up to. A word that is longer
// than a line is never broken. Without a line feed at the end.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent,
                    std::size_t first);
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent = 0);

// `lead` and the text behind it, which stays in a column of its own. With a line feed.
std::string led(std::string_view lead, std::string_view text, const Style& style,
                Tone lead_tone = Tone::Plain);

// The text, whose lines after the first are indented. With a line feed.
std::string hanging(std::string_view text, const Style& style);

// Rows under headings, each column as wide as its widest cell. Cells are made safe to show: they
// may come from anywhere.
class Table {
 public:
  struct Column {
    enum class Align { Left, Right };
    std::string_view heading;
    Align align = Align::Left;
  };
  struct Cell {
    std::string text;
    Tone tone = Tone::Plain;
  };

  // The last column's text is wrapped where it is too long, and has no tone.
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns. A note stands below its row, indented; its tone is its first word's.
  void add(std::vector<Cell> cells) { add(std::move(cells), Cell()); }
  void add(std::vector<Cell> cells, Cell note);
  bool is_empty() const { return rows_.empty(); }
  std::string text(const Style& style) const;

 private:
  struct Row {
    std::vector<Cell> cells;
    Cell note;
  };

  std::vector<std::size_t> widths() const;
  std::string row_text(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                       const Style& style) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace holdfast
