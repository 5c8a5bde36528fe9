#include "service/backup/database_draft.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/archive/archive_writer.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string varied(std::size_t bytes) {
  std::string text(bytes, ' ');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>((i * 2654435761U) >> 24U);
  return text;
}

std::string with(const std::string& text, std::size_t place, char letter) {
  return text.substr(0, place) + letter + text.substr(place + 1);
}

struct Outcome {
  bool was_final = false;
  std::string corrected;
};

// The draft is archived, compared in pieces of `page` bytes, and corrected.
Outcome corrected(const std::string& draft_content, const std::string& final_content,
                  std::size_t page) {
  const TemporaryFolder folder;
  DiskStorage storage;
  const auto file = storage.create(folder.path() / "draft");
  ArchiveWriter writer(*file, time_from("2026-11-20T10:00:00Z"));
  DatabaseDraft draft(draft_content.size());
  const EntryContent archived = writer.add({.name = "a.db"}, [&](const ArchiveWriter::Sink& sink) {
    draft.take(bytes_of(draft_content));
    sink(bytes_of(draft_content));
  });
  draft.end_draft();
  for (std::size_t place = 0; place < final_content.size(); place += page) {
    draft.compare(
        bytes_of(final_content).subspan(place, std::min(page, final_content.size() - place)));
  }
  draft.end_comparison();
  Outcome outcome{.was_final = draft.is_final()};
  draft.correct(archived, [&](std::span<const std::byte> bytes) {
    outcome.corrected.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  return outcome;
}

TEST_CASE("A draft becomes what the content has become") {
  const std::string content = varied(3 * kBlockBytes + 5000);
  const struct {
    const char* what;
    std::string draft;
    std::string final_content;
    bool is_final;
  } rows[] = {
      {"the same", content, content, true},
      {"the first byte", content, with(content, 0, 'x'), false},
      {"the last byte", content, with(content, content.size() - 1, 'x'), false},
      {"at a border of blocks", content,
       with(with(content, kBlockBytes - 1, 'x'), kBlockBytes, 'y'), false},
      {"longer", content, content + varied(2 * kBlockBytes), false},
      {"a little longer", content, content + "x", false},
      {"shorter", content, content.substr(0, kBlockBytes + 1), false},
      {"shorter by whole blocks", content, content.substr(0, kBlockBytes), false},
      {"all of it", content, std::string(content.size(), 'x'), false},
      {"from nothing", "", content, false},
  };
  for (const auto& row : rows) {
    for (const std::size_t page : {std::size_t{512}, std::size_t{4096}, std::size_t{65536}}) {
      CAPTURE(row.what, page);
      const Outcome outcome = corrected(row.draft, row.final_content, page);
      CHECK(outcome.was_final == row.is_final);
      CHECK(outcome.corrected == row.final_content);
    }
  }
}

TEST_CASE("What is still as it was is found where it was, and nothing else is") {
  const std::string old_content = varied(10'000);
  const std::string content = with(old_content, 5000, 'x');
  DatabaseDraft draft(content.size());
  draft.take(bytes_of(old_content));
  draft.end_draft();
  draft.compare(bytes_of(content));
  draft.end_comparison();
  std::string present = content;
  const auto read = [&present](std::uint64_t place, std::size_t bytes) {
    std::vector<std::byte> found(bytes);
    const auto length = std::min(bytes, present.size() - static_cast<std::size_t>(place));
    std::ranges::copy(bytes_of(present).subspan(static_cast<std::size_t>(place), length),
                      found.begin());
    return found;
  };
  const auto find = [&](std::uint64_t place, std::size_t bytes) -> std::string {
    std::vector<std::byte> into(bytes);
    if (!draft.find(place, into, read)) return "nothing";
    return {reinterpret_cast<const char*>(into.data()), into.size()};
  };
  CHECK(find(0, 512) == content.substr(0, 512));
  CHECK(find(4000, 2000) == content.substr(4000, 2000));
  CHECK(find(9999, 1) == content.substr(9999));
  CHECK(find(9999, 2) == "nothing");
  present[4096] ^= 1;
  CHECK(find(0, 4096) == content.substr(0, 4096));
  CHECK(find(4000, 100) == "nothing");
  CHECK(find(8000, 100) == "nothing");
  CHECK(find(8192, 100) == content.substr(8192, 100));
  present = old_content.substr(0, 9000);
  CHECK(find(4096, 4096) == "nothing");
  CHECK(find(8192, 100) == "nothing");
}

TEST_CASE("A draft that has little to do with the content is refused") {
  const std::string content(25 * kBlockBytes, 'x');
  DatabaseDraft draft(content.size());
  draft.take(bytes_of(std::string(content.size(), 'y')));
  draft.end_draft();
  try {
    draft.compare(bytes_of(content));
    FAIL("it was kept");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::SourceChanged);
  }
}

}  // namespace
}  // namespace holdfast
