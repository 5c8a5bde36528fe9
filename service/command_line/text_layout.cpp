#include "service/command_line/text_layout.h"

#include <algorithm>
#include <utility>

#include "common/text.h"
#include "service/command_line/display_width.h"

namespace holdfast {
namespace {

constexpr std::size_t kMaxCellBytes = 1000;
constexpr std::size_t kGap = 2;
constexpr std::size_t kNoteIndent = 4;
// One endless cell does not push the columns of all other rows aside.
constexpr std::size_t kWidestColumn = 44;
// Text that has less room than this goes below.
constexpr std::size_t kNarrowestText = 24;

std::string blanks(std::size_t count) {
  return std::string(count, ' ');
}

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

std::string filled(const Table::Cell& cell, std::size_t width, Table::Column::Align align,
                   const Style& style) {
  const std::string space = blanks(width - std::min(width, display_width(cell.text)));
  const std::string word = toned(cell.text, cell.tone, style);
  return align == Table::Column::Align::Left ? word + space : space + word;
}

std::string note_text(const Table::Cell& note, const Style& style) {
  if (note.text.empty()) return "";
  const std::string lines = wrapped(note.text, style.columns, kNoteIndent);
  const std::size_t word = std::min(lines.find_first_of(" \n"), lines.size());
  return blanks(kNoteIndent) + toned(lines.substr(0, word), note.tone, style) + lines.substr(word) +
         '\n';
}

std::string without_blanks_at_end(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

std::string padded(std::string_view text, std::size_t columns) {
  return std::string(text) + blanks(columns - std::min(columns, display_width(text)));
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent,
                    std::size_t first) {
  std::string lines;
  std::size_t column = first;
  bool is_line_empty = true;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    const std::size_t width = display_width(word);
    if (!is_line_empty && column + 1 + width > columns) {
      lines += '\n' + blanks(indent);
      column = indent;
    } else if (!is_line_empty) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += width;
    is_line_empty = false;
  }
  return lines;
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  return wrapped(text, columns, indent, indent);
}

std::string led(std::string_view lead, std::string_view text, const Style& style, Tone lead_tone) {
  const std::size_t width = display_width(lead) + 1;
  const bool has_room = width + kNarrowestText <= style.columns;
  const std::string first = toned(lead, lead_tone, style);
  if (has_room) return first + ' ' + wrapped(text, style.columns, width) + '\n';
  return first + '\n' + blanks(kNoteIndent) + wrapped(text, style.columns, kNoteIndent) + '\n';
}

std::string hanging(std::string_view text, const Style& style) {
  return wrapped(text, style.columns, kNoteIndent, 0) + '\n';
}

void Table::add(std::vector<Cell> cells, Cell note) {
  for (Cell& cell : cells) cell.text = one_line(cell.text, kMaxCellBytes);
  note.text = one_line(note.text, kMaxCellBytes);
  rows_.push_back({std::move(cells), std::move(note)});
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(display_width(column.heading));
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::size_t width = display_width(row.cells.at(i).text);
      if (width <= kWidestColumn) widths[i] = std::max(widths[i], width);
    }
  }
  return widths;
}

std::string Table::row_text(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                            const Style& style) const {
  std::string text;
  std::size_t column = 0;
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
    text += filled(cells[i], widths[i], columns_[i].align, style) + blanks(kGap);
    column += std::max(widths[i], display_width(cells[i].text)) + kGap;
  }
  const Cell& last = cells.back();
  const bool fits = column + display_width(last.text) <= style.columns;
  if (fits || column + kNarrowestText <= style.columns) {
    text += wrapped(last.text, style.columns, column);
    return without_blanks_at_end(std::move(text)) + '\n';
  }
  return without_blanks_at_end(std::move(text)) + '\n' + note_text(last, style);
}

std::string Table::text(const Style& style) const {
  if (rows_.empty()) return "";
  const std::vector<std::size_t> all = widths();
  std::vector<Cell> headings;
  for (const Column& column : columns_) headings.push_back({std::string(column.heading)});
  std::string text = row_text(headings, all, style);
  for (const Row& row : rows_) {
    text += row_text(row.cells, all, style);
    text += note_text(row.note, style);
  }
  return text;
}

}  // namespace holdfast
