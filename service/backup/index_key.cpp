#include "service/backup/index_key.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace holdfast {
namespace {

// The kinds of values in SQLite's order.
constexpr char kNull = 1;
constexpr char kNumber = 2;
constexpr char kText = 3;
constexpr char kBlob = 4;

template <typename Number>
void append_big_endian(std::string& bytes, Number number) {
  std::array<char, sizeof(Number)> digits{};
  for (std::size_t i = digits.size(); i-- > 0; number = static_cast<Number>(number >> 8)) {
    digits[i] = static_cast<char>(static_cast<unsigned char>(number));
  }
  bytes.append(digits.data(), digits.size());
}

// Each zero byte gets a mark behind it, so that two of them end what has no length of its own.
void append_ended(std::string& bytes, std::string_view content) {
  std::size_t zero = 0;
  while ((zero = content.find('\0')) != std::string_view::npos) {
    bytes.append(content.substr(0, zero + 1));
    bytes += '\xFF';
    content.remove_prefix(zero + 1);
  }
  bytes.append(content);
  bytes.append(2, '\0');
}

// Numbers as the greatest double that is not above them, and how far they are above it: whole
// numbers beyond 2^53 lie between the doubles.
void append_number(std::string& bytes, double floor, std::uint16_t above) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(floor == 0 ? 0.0 : floor);  // -0.0 is 0.0
  append_big_endian(bytes, (bits & kSign) != 0 ? ~bits : bits | kSign);
  append_big_endian(bytes, above);
}

void append_number(std::string& bytes, std::int64_t number) {
  constexpr double kTooHigh = 9223372036854775808.0;  // 2^63
  auto floor = static_cast<double>(number);
  if (floor >= kTooHigh || static_cast<std::int64_t>(floor) > number) {
    floor = std::nextafter(floor, -kTooHigh);
  }
  append_number(bytes, floor,
                static_cast<std::uint16_t>(number - static_cast<std::int64_t>(floor)));
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// As sqlite3_strnicmp() compares: up to a zero byte or the end of the shorter text, then by length.
void append_without_case(std::string& bytes, std::string_view text) {
  const std::string_view compared = text.substr(0, text.find('\0'));
  const std::size_t begin = bytes.size();
  bytes.append(compared);
  std::transform(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.end(),
                 bytes.begin() + static_cast<std::ptrdiff_t>(begin), lower);
  bytes += '\0';
  append_big_endian(bytes, std::uint64_t{text.size()});
}

std::string_view without_spaces_at_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

void IndexKey::begin() {
  bytes_.clear();
  ordered_bytes_ = 0;
  folded_texts_.clear();
}

void IndexKey::add(const SqlValue& value, KeyOrder order) {
  std::visit([&](const auto& plain) { append(plain, order.collation); }, value);
  if (order.direction == Direction::Descending) {
    std::for_each(bytes_.begin() + static_cast<std::ptrdiff_t>(ordered_bytes_), bytes_.end(),
                  [](char& byte) { byte = static_cast<char>(~byte); });
  }
  ordered_bytes_ = bytes_.size();
}

void IndexKey::end() {
  bytes_ += folded_texts_;
}

void IndexKey::append(SqlNull, Collation) {
  bytes_ += kNull;
}

void IndexKey::append(std::int64_t number, Collation) {
  bytes_ += kNumber;
  append_number(bytes_, number);
}

void IndexKey::append(double number, Collation) {
  bytes_ += kNumber;
  append_number(bytes_, number, 0);
}

void IndexKey::append(SqlText text, Collation collation) {
  bytes_ += kText;
  switch (collation) {
    case Collation::Binary: append_ended(bytes_, text.bytes); return;
    case Collation::NoCase: append_without_case(bytes_, text.bytes); break;
    case Collation::RTrim: append_ended(bytes_, without_spaces_at_end(text.bytes)); break;
  }
  append_ended(folded_texts_, text.bytes);
}

void IndexKey::append(SqlBlob blob, Collation) {
  bytes_ += kBlob;
  append_ended(bytes_, blob.bytes);
}

}  // namespace holdfast
