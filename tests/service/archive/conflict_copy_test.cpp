#include "service/archive/conflict_copy.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

// Of what, or empty.
std::string original(const std::string& file_name, const CopyEvidence& evidence = {}) {
  const auto name = conflict_original(file_name, evidence);
  return name ? archive_file_name(*name) : std::string();
}

const std::string kArchive = "emr_20261120T100000Z_PC.zip";

TEST_CASE("The manifest tells a copy by OneDrive from the archive of a host with such a name") {
  const std::string copy = "emr_20261120T100000Z_PC-LAPTOP.zip";
  CHECK(original(copy, {.host = "PC"}) == kArchive);
  CHECK(original(copy, {.host = "PC", .beside = {kArchive, copy}}) == kArchive);
  CHECK(original(copy, {.host = "PC-LAPTOP"}).empty());
  CHECK(original(copy, {.host = "PC-LAPTOP", .beside = {kArchive, copy}}).empty());
  CHECK(original("emr_20261120T100000Z_PC-2.zip", {.host = "PC"}) == kArchive);
  CHECK(original("emr_20261120T100000Z_PC-2.zip", {.host = "PC-2"}).empty());
  CHECK(original("emr_20261120T100000Z_PC-LAPTOP-2.zip", {.host = "PC"}) == kArchive);
  CHECK(original("emr_20261120T100000Z_PC-LAPTOP-2.zip", {.host = "PC-LAPTOP"}) == copy);
  CHECK(original("emr_20261120T100000Z_PC-laptop-Tablet-3.zip", {.host = "PC"}) == kArchive);
  // As an archive's name has it.
  CHECK(original("emr_20261120T100000Z_M-rz-2.zip", {.host = "M\xE4rz"}) ==
        "emr_20261120T100000Z_M-rz.zip");
}

TEST_CASE("A manifest of somebody else takes no archive's name away") {
  const std::string name = "emr_20261120T100000Z_PC-LAPTOP.zip";
  CHECK(original(name, {.host = "RENAMED", .beside = {kArchive, name}}).empty());
  CHECK(original("emr_20261120T100000Z_PC.safety-LAPTOP.zip", {.host = "RENAMED"}) ==
        "emr_20261120T100000Z_PC.safety.zip");
}

TEST_CASE("What cannot be read is a copy when its original lies beside it") {
  const std::string name = "emr_20261120T100000Z_PC-LAPTOP.zip";
  CHECK(original(name).empty());
  CHECK(original(name, {.beside = {name, "emr_20261120T100001Z_PC.zip"}}).empty());
  CHECK(original(name, {.beside = {name, kArchive}}) == kArchive);
  CHECK(original("emr_20261120T100000Z_PC-LAPTOP-2.zip", {.beside = {name, kArchive}}) == name);
}

TEST_CASE("What no archive can be called is a copy, whatever the device's name") {
  for (const char* device :
       {"M\xC3\x84RZ", "PC 7", "laptop.local", "a'b", "B\xC3\xBCro-2", "(2)"}) {
    CAPTURE(device);
    for (const char* archive : {"emr_20261120T100000Z_PC", "emr_20261120T100000Z_PC.2",
                                "my-emr_20261120T100000Z_MY-PC.safety"}) {
      const std::string stem = archive;
      CHECK(original(stem + "-" + device + ".zip",
                     {.host = stem.starts_with("my") ? "MY-PC" : "PC"}) == stem + ".zip");
    }
  }
  CHECK(original("emr_20261120T100000Z_PC.2-LAPTOP.zip") == "emr_20261120T100000Z_PC.2.zip");
  CHECK(original("emr_20261120T100000Z_PC.safety-laptop-2.zip") ==
        "emr_20261120T100000Z_PC.safety.zip");
  // The manifest and the folder are asked first, then the longest name is the likeliest.
  const std::string strange = "emr_20261120T100000Z_MY-PC-M\xC3\x84RZ.zip";
  CHECK(original(strange) == "emr_20261120T100000Z_MY-PC.zip");
  CHECK(original(strange, {.host = "MY"}) == "emr_20261120T100000Z_MY.zip");
  CHECK(original(strange, {.beside = {"emr_20261120T100000Z_MY.zip"}}) ==
        "emr_20261120T100000Z_MY.zip");
}

TEST_CASE("What has no archive's name in it is no copy of one") {
  for (const char* name :
       {"", "-", ".zip", "-.zip", "holiday-2.zip", "emr_20261120T100000Z_PC.zip",
        "emr_20261120T100000Z_PC-.zip", "emr_20261120T100000Z_PC-LAPTOP.db",
        "emr_20261120T100000Z_PC-LAPTOP.zip.tmp", "emr_20261120T100000Z_PC - Copy.zip",
        "emr_20261120T100000Z_PC (2).zip", "emr_20261320T100000Z_PC.safety-LAPTOP.zip",
        "EMR_20261120T100000Z_PC.safety-LAPTOP.zip", "emr_20261120T100000Z-LAPTOP.zip"}) {
    CAPTURE(name);
    CHECK(original(name, {.host = "PC", .beside = {kArchive}}).empty());
    CHECK(original(name, {.beside = {kArchive}}).empty());
  }
}

}  // namespace
}  // namespace holdfast
