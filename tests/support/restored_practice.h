#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "service/restore/restore_run.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {

// A practice with a database and side files that were backed up, and changed since.
class RestoredPractice {
 public:
  // What its people see: the notes in the database, and the side files.
  using State = std::map<std::string, std::string>;

  explicit RestoredPractice(const std::string& journal_mode, const std::string& pragmas = "");

  std::filesystem::path data() const { return folder.path() / "data"; }
  std::filesystem::path database() const { return data() / "clinic.db"; }
  std::filesystem::path safety() const { return folder.path() / "safety"; }

  std::filesystem::path back_up();
  // Everything is otherwise afterwards.
  void change() const;
  // As after the last change() again.
  void become_changed() const;
  // Fails the test when the database does not pass its check.
  State state() const;
  RestoreResult restore(const std::filesystem::path& from);
  RestoreResult restore() { return restore(archive); }
  // What failed; fails the test when nothing did.
  Error failure();

  TemporaryFolder folder;
  FaultyStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  RestoreRequest request;
  std::filesystem::path archive;  // of what was before the change
  State before;                   // what it holds
};

}  // namespace holdfast
