#include "tests/support/strict_markup.h"

#include <array>
#include <stdexcept>
#include <utility>

namespace holdfast {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view page) : page_(page) {}

  std::vector<MarkupElement> read() {
    expect("<!DOCTYPE html>");
    while (place_ < page_.size()) {
      if (take("<!--")) {
        skip_past("-->");
      } else if (take("</")) {
        close(name());
        expect(">");
      } else if (take("<")) {
        open();
      } else {
        add_text(letter());
      }
    }
    if (!open_.empty()) fail("not closed: " + elements_[open_.back()].name);
    return std::move(elements_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " at " + std::to_string(place_) + ": " +
                             std::string(page_.substr(place_, 60)));
  }
  bool take(std::string_view word) {
    if (!page_.substr(place_).starts_with(word)) return false;
    place_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) fail("not " + std::string(word));
  }
  void skip_past(std::string_view word) {
    const std::size_t found = page_.find(word, place_);
    if (found == std::string_view::npos) fail("no end of a comment");
    place_ = found + word.size();
  }
  void skip_blanks() {
    while (place_ < page_.size() && (page_[place_] == ' ' || page_[place_] == '\n')) ++place_;
  }
  std::string name() {
    const std::size_t begin = place_;
    const auto is_part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    while (place_ < page_.size() && is_part(page_[place_])) ++place_;
    if (place_ == begin) fail("no name");
    return std::string(page_.substr(begin, place_ - begin));
  }
  // One character of text, or what an entity stands for.
  std::string letter() {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEntities{
        {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}}};
    for (const auto& [entity, meaning] : kEntities) {
      if (take(entity)) return std::string(meaning);
    }
    const char letter = page_[place_];
    const bool is_control = static_cast<unsigned char>(letter) < ' ' && letter != '\n';
    if (letter == '&' || letter == '<' || letter == '\x7f' || is_control) fail("not text");
    ++place_;
    return {letter};
  }
  void open() {
    MarkupElement element{.name = name()};
    for (skip_blanks(); place_ < page_.size() && page_[place_] != '>' && page_[place_] != '/';
         skip_blanks()) {
      const std::string key = name();
      expect("=\"");
      std::string value;
      while (!take("\"")) value += letter();
      if (!element.attributes.emplace(key, value).second) fail("told twice: " + key);
    }
    elements_.push_back(std::move(element));
    if (take("/>")) return;
    expect(">");
    open_.push_back(elements_.size() - 1);
  }
  void close(const std::string& name) {
    if (open_.empty() || elements_[open_.back()].name != name) fail("closed, not opened: " + name);
    open_.pop_back();
  }
  void add_text(const std::string& text) {
    for (const std::size_t element : open_) elements_[element].text += text;
  }

  std::string_view page_;
  std::size_t place_ = 0;
  std::vector<MarkupElement> elements_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::vector<MarkupElement> strict_markup(std::string_view page) {
  return Reader(page).read();
}

}  // namespace holdfast
