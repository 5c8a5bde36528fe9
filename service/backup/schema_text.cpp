#include "service/backup/schema_text.h"

#include <algorithm>

namespace holdfast {
namespace {

constexpr std::string_view kSpaces = " \t\n\f\r";

// How many bytes the comment or white space at the start of `sql` takes.
std::size_t gap_bytes(std::string_view sql) {
  if (kSpaces.find(sql.front()) != std::string_view::npos) return 1;
  const std::string_view end = sql.starts_with("--") ? "\n" : sql.starts_with("/*") ? "*/" : "";
  if (end.empty()) return 0;
  const std::size_t at = sql.find(end, 2);
  return at == std::string_view::npos ? sql.size() : at + end.size();
}

// How many bytes the word, sign or quoted text at the start of `sql` takes. A quote inside quotes
// stands twice, and so reads as two quoted texts side by side.
std::size_t token_bytes(std::string_view sql) {
  const char first = sql.front();
  if (first != '\'' && first != '"' && first != '`' && first != '[') return 1;
  const std::size_t at = sql.find(first == '[' ? ']' : first, 1);
  return at == std::string_view::npos ? sql.size() : at + 1;
}

}  // namespace

std::string normalized_sql(std::string_view sql) {
  std::string text;
  bool gap = false;
  while (!sql.empty()) {
    if (const std::size_t skipped = gap_bytes(sql); skipped != 0) {
      gap = true;
      sql.remove_prefix(skipped);
      continue;
    }
    if (gap && !text.empty()) text += ' ';
    gap = false;
    const std::size_t taken = token_bytes(sql);
    text += sql.substr(0, taken);
    sql.remove_prefix(taken);
  }
  return text;
}

}  // namespace holdfast
