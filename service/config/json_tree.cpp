#include "service/config/json_tree.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/config/syntax_sentence.h"

namespace holdfast {
namespace {

using nlohmann::json;

// Walks over the text and leaves word of how far the parser has come.
class WatchedIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  WatchedIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}

  reference operator*() const { return *at_; }
  WatchedIterator& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  WatchedIterator operator++(int) {
    const WatchedIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const WatchedIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

// Turns offsets into places. They must not fall: each character is counted once.
class Ruler {
 public:
  explicit Ruler(std::string_view text) : text_(text) {}

  JsonPlace place(std::size_t offset) {
    for (; at_ < std::min(offset, text_.size()); ++at_) {
      if (text_[at_] == '\n') {
        place_ = {place_.line + 1, 1};
      } else if (!is_later_byte(at_)) {
        ++place_.column;
      }
    }
    return place_;
  }

 private:
  // Of a character of several bytes the first is counted, of a byte order mark none.
  bool is_later_byte(std::size_t at) const {
    const bool continues = (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80;
    return continues || (at == 0 && text_.starts_with("\xEF\xBB\xBF"));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  JsonPlace place_{1, 1};
};

// Builds the tree from what the parser meets. Right after a token was read, `reached_` stands
// behind it; behind a number it may stand one character further.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text), reached_(text.data()), ruler_(text) {}

  JsonTree build() {
    const bool whole = json::sax_parse(WatchedIterator(text_.data(), &reached_),
                                       WatchedIterator(text_.data() + text_.size(), &reached_),
                                       this, json::input_format_t::json, true, true);
    if (!whole && !tree_.fault) tree_.fault = {{}, {1, 1}, "This is no JSON."};
    return std::move(tree_);
  }

  bool null() { return add({.kind = JsonNode::Kind::Null}, begin_of_word(4)); }
  bool boolean(bool value) {
    return add({.kind = JsonNode::Kind::Boolean, .boolean = value}, begin_of_word(value ? 4 : 5));
  }
  bool number_integer(std::int64_t value) {
    return add({.kind = JsonNode::Kind::Number, .text = std::to_string(value), .integer = value},
               begin_of_number());
  }
  bool number_unsigned(std::uint64_t value) {
    JsonNode node{.kind = JsonNode::Kind::Number, .text = std::to_string(value)};
    if (std::in_range<std::int64_t>(value)) node.integer = static_cast<std::int64_t>(value);
    return add(std::move(node), begin_of_number());
  }
  bool number_float(double value, const std::string& written) {
    constexpr double kExact = 9007199254740992.0;
    JsonNode node{.kind = JsonNode::Kind::Number, .text = written};
    if (std::trunc(value) == value && std::abs(value) <= kExact) {
      node.integer = static_cast<std::int64_t>(value);
    }
    return add(std::move(node), begin_of_number());
  }
  bool string(std::string& value) {
    return add({.kind = JsonNode::Kind::Text, .text = std::move(value)}, begin_of_text());
  }
  bool binary(json::binary_t&) { return false; }

  bool start_object(std::size_t) { return open(JsonNode::Kind::Object); }
  bool start_array(std::size_t) { return open(JsonNode::Kind::List); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    open_.back()->members.push_back({std::move(name), ruler_.place(begin_of_text()), {}});
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& failure) {
    const SyntaxFault fault = syntax_fault(failure.what());
    const JsonPlace place = ruler_.place(begin_of(fault.at));
    std::string sentence = fault.sentence;
    if (fault.at == SyntaxFault::At::End && !open_.empty()) {
      const bool object = open_.back()->kind == JsonNode::Kind::Object;
      sentence =
          fmt::format("The text ends before the {} that begins in line {} does; \"{}\" is missing.",
                      object ? "object" : "list", open_.back()->place.line, object ? '}' : ']');
    }
    return fail(place, sentence);
  }

 private:
  std::size_t offset() const { return static_cast<std::size_t>(reached_ - text_.data()); }
  std::size_t begin_of_word(std::size_t length) const { return offset() - length; }

  std::size_t begin_of(SyntaxFault::At at) const {
    if (at == SyntaxFault::At::Text) return begin_of_text();
    if (at == SyntaxFault::At::Number) return begin_of_number();
    return offset() == 0 ? 0 : offset() - 1;
  }

  std::size_t begin_of_number() const {
    constexpr std::string_view kOfNumbers = "0123456789+-.eE";
    const auto belongs = [&](std::size_t at) {
      return kOfNumbers.find(text_[at]) != std::string_view::npos;
    };
    std::size_t at = offset();
    if (at > 0 && !belongs(at - 1)) --at;
    while (at > 0 && belongs(at - 1)) --at;
    return at;
  }

  // Inside a text each quote has an odd number of backslashes before it; before its first quote
  // there is none.
  std::size_t begin_of_text() const {
    std::size_t at = offset() - 1;
    while (true) {
      at = text_.rfind('"', at - 1);
      std::size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) return at;
    }
  }

  bool fail(JsonPlace place, std::string sentence) {
    tree_.fault = {{}, place, std::move(sentence)};
    return false;
  }

  bool add(JsonNode node, std::size_t begin) { return put(std::move(node), begin) != nullptr; }

  JsonNode* put(JsonNode node, std::size_t begin) {
    node.place = ruler_.place(begin);
    if (++values_ > kMaxConfigValues) {
      fail(node.place, fmt::format("There are more than {} values here.", kMaxConfigValues));
      return nullptr;
    }
    JsonNode* into = &tree_.root;
    if (!open_.empty()) {
      JsonNode& parent = *open_.back();
      if (parent.kind == JsonNode::Kind::List) parent.members.emplace_back();
      into = &parent.members.back().value;
    }
    *into = std::move(node);
    return into;
  }

  bool open(JsonNode::Kind kind) {
    JsonNode* node = put({.kind = kind}, offset() - 1);
    if (node == nullptr) return false;
    if (open_.size() == kMaxConfigDepth) {
      return fail(node->place,
                  fmt::format("This is nested deeper than {} levels.", kMaxConfigDepth));
    }
    open_.push_back(node);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const char* reached_;
  Ruler ruler_;
  JsonTree tree_;
  std::vector<JsonNode*> open_;  // a parent takes no more members while its child is open
  std::size_t values_ = 0;
};

// What Notepad and PowerShell sometimes write.
bool looks_like_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         text.substr(0, 2).find('\0') != std::string_view::npos;
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view key) const {
  if (kind != Kind::Object) return nullptr;
  const auto found = std::find_if(members.begin(), members.end(),
                                  [key](const JsonMember& member) { return member.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

JsonNode* JsonNode::find(std::string_view key) {
  return const_cast<JsonNode*>(std::as_const(*this).find(key));
}

JsonTree parse_json_tree(std::string_view text) {
  if (text.size() > kMaxConfigBytes) {
    return {.fault = ConfigFault{
                {}, {1, 1}, fmt::format("The text is longer than {} bytes.", kMaxConfigBytes)}};
  }
  if (looks_like_utf16(text)) {
    return {
        .fault = ConfigFault{
            {}, {1, 1}, "The text is UTF-16, not UTF-8; save it again with the encoding UTF-8."}};
  }
  return TreeBuilder(text).build();
}

std::string json_text(const JsonNode& node) {
  constexpr auto kLenient = json::error_handler_t::replace;
  const auto quoted = [](const std::string& text) {
    return json(text).dump(-1, ' ', false, kLenient);
  };
  switch (node.kind) {
    case JsonNode::Kind::Null: return "null";
    case JsonNode::Kind::Boolean: return node.boolean ? "true" : "false";
    case JsonNode::Kind::Number: return node.text;
    case JsonNode::Kind::Text: return quoted(node.text);
    case JsonNode::Kind::List:
    case JsonNode::Kind::Object: break;
  }
  const bool object = node.kind == JsonNode::Kind::Object;
  std::string text;
  for (const JsonMember& member : node.members) {
    if (!text.empty()) text += ", ";
    if (object) text += quoted(member.key) + ": ";
    text += json_text(member.value);
  }
  return object ? "{" + text + "}" : "[" + text + "]";
}

}  // namespace holdfast
