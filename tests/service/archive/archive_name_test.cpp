#include "service/archive/archive_name.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::string_view_literals;

const Time kTime = time_from("2026-11-20T10:43:53Z");

TEST_CASE("An archive's name tells dataset, time and host, and is read back") {
  using Kind = ArchiveName::Kind;
  struct Row {
    ArchiveName name;
    std::string_view text;
  };
  const Row rows[] = {
      {{"docassist-emr", kTime, "RECEPTION"}, "docassist-emr_20261120T104353Z_RECEPTION.zip"},
      {{"a", kTime, "x", Kind::Safety}, "a_20261120T104353Z_x.safety.zip"},
      {{"a", kTime, "PC", Kind::Backup, 2}, "a_20261120T104353Z_PC.2.zip"},
      {{"a", kTime, "PC", Kind::Safety, 9999}, "a_20261120T104353Z_PC.9999.safety.zip"},
      {{"a", kTime, "PC-2"}, "a_20261120T104353Z_PC-2.zip"},
      {{"a", kTime, "PC_2", Kind::Backup, 2}, "a_20261120T104353Z_PC_2.2.zip"},
      {{"7-", kTime, "DESKTOP-AB12"}, "7-_20261120T104353Z_DESKTOP-AB12.zip"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(archive_file_name(row.name) == row.text);
    CHECK(parse_archive_name(row.text) == row.name);
    CHECK(unfinished_name(row.name) == std::string(row.text) + ".tmp");
    CHECK(parse_unfinished_name(std::string(row.text) + ".tmp") == row.name);
    CHECK_FALSE(parse_archive_name(std::string(row.text) + ".tmp"));
    CHECK_FALSE(parse_unfinished_name(row.text));
  }
}

TEST_CASE("Whatever is not an archive's name in its one form is none") {
  for (const auto text : {""sv,
                          ".zip"sv,
                          "_"sv,
                          "__.zip"sv,
                          "a_20261120T104353Z.zip"sv,
                          "a_20261120T104353Z_.zip"sv,
                          "_20261120T104353Z_PC.zip"sv,
                          "A_20261120T104353Z_PC.zip"sv,
                          "a b_20261120T104353Z_PC.zip"sv,
                          "a_20261120T104353_PC.zip"sv,
                          "a_20261320T104353Z_PC.zip"sv,
                          "a_20260229T104353Z_PC.zip"sv,
                          "a_20261120T246060Z_PC.zip"sv,
                          "a_2026-11-20T10:43:53Z_PC.zip"sv,
                          "a_20261120T104353Z_PC.ZIP"sv,
                          "a_20261120T104353Z_PC"sv,
                          "a_20261120T104353Z_PC.Safety.zip"sv,
                          "a_20261120T104353Z_PC.safety.safety.zip"sv,
                          "a_20261120T104353Z_PC (1).zip"sv,
                          "a_20261120T104353Z_PC.1.zip"sv,
                          "a_20261120T104353Z_PC.0.zip"sv,
                          "a_20261120T104353Z_PC.02.zip"sv,
                          "a_20261120T104353Z_PC.10000.zip"sv,
                          "a_20261120T104353Z_PC.99999999999.zip"sv,
                          "a_20261120T104353Z_PC.2.2.zip"sv,
                          "a_20261120T104353Z_.2.zip"sv,
                          "a_20261120T104353Z_P\xC3\xA4.zip"sv,
                          "../a_20261120T104353Z_PC.zip"sv,
                          "a_20261120T104353Z_../PC.zip"sv}) {
    CAPTURE(text);
    CHECK_FALSE(parse_archive_name(text));
  }
}

TEST_CASE("A host's name is made one that fits into an archive's") {
  CHECK(archive_host("RECEPTION") == "RECEPTION");
  CHECK(archive_host("front.desk local") == "front-desk-local");
  CHECK(archive_host("RECEPTION-2") == "RECEPTION-2");
  CHECK(archive_host("..") == "unknown");
  CHECK(archive_host("") == "unknown");
  CHECK(archive_host("Empf\xC3\xA4nger") == "Empf--nger");
  CHECK(archive_host(std::string(300, 'x')).size() == 63);
  for (const auto host : {"7"sv, "-7"sv, "a-7-8"sv, "a_7"sv, "a/../b"sv, "a-7-"sv}) {
    CAPTURE(host);
    CHECK(archive_host(archive_host(host)) == archive_host(host));
    const ArchiveName name{"a", kTime, archive_host(host)};
    CHECK(parse_archive_name(archive_file_name(name)) == name);
  }
}

TEST_CASE("The names of a dataset's archives sort by their time") {
  const ArchiveName earlier{"a", kTime, "Z"};
  const ArchiveName later{"a", kTime + std::chrono::seconds(7), "A"};
  CHECK(archive_file_name(earlier) < archive_file_name(later));
  CHECK(earlier < later);
}

}  // namespace
}  // namespace holdfast
