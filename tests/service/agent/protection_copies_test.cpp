#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

// One destination, in which OneDrive makes copies, other computers have archives, and not all is on
// this disk.
class SharedDestination : public ProtectedDataset {
 public:
  SharedDestination() { pass(5min); }

  auto& disk() { return work.disk[kDestination]; }
  auto& aside() { return work.disk[std::filesystem::path(kDestination) / "conflicts"]; }

  // As OneDrive names it.
  std::string copy(const std::string& file_name, const std::string& device,
                   const std::string& content) {
    const std::string name = file_name.substr(0, file_name.size() - 4) + "-" + device + ".zip";
    disk()[name] = disk().at(file_name);
    disk()[name].content = content;
    return name;
  }
  std::string same_copy(const std::string& file_name, const std::string& device) {
    return copy(file_name, device, disk().at(file_name).content);
  }
  std::string of_other_computer(Time taken_at) {
    const std::string name =
        archive_file_name({.dataset = "emr", .taken_at = taken_at, .host = "RECEPTION-2"});
    disk()[name].manifest = {.dataset = "emr", .created_at = taken_at, .host = "RECEPTION-2"};
    return name;
  }

  void back_up(int times) {
    for (int i = 0; i < times; ++i) {
      change_data();
      pass(4h);
    }
  }
  void lose_catalog() {
    protection.reset();
    std::filesystem::remove(folder.path() / "catalog.db");
    start();
    settle();
  }
  const ArchiveRecord* known(const std::string& file_name) const {
    const auto& all = protection->archives("emr");
    const auto found = std::ranges::find(all, file_name, &ArchiveRecord::file_name);
    return found == all.end() ? nullptr : &*found;
  }
  std::string refusal_to_delete(const std::string& file_name) {
    std::string why;
    protection->delete_archive("emr", file_name, "anna",
                               [&why](const ArchiveRecord&, const std::optional<Error>& error) {
                                 why = error ? error->what() : "nothing";
                               });
    settle();
    return why;
  }
};

TEST_CASE_METHOD(SharedDestination,
                 "A copy by OneDrive that is the same is set aside, another is told of once") {
  const std::string archive = newest();
  const std::string same = same_copy(archive, "LAPTOP");
  const std::string other = copy(archive, "laptop-2", "another");
  pass(1h);
  CHECK(disk().contains(archive));
  CHECK_FALSE(disk().contains(same));
  CHECK(aside().contains(same));
  CHECK(known(same) == nullptr);
  REQUIRE(disk().contains(other));
  REQUIRE(known(other) != nullptr);
  CHECK(known(other)->conflict_of == archive);
  CHECK_FALSE(has_same_content(*known(other), *known(archive)));
  REQUIRE(told(EventId::ConflictCopy) == 1);
  CHECK(std::ranges::find(events.events, EventId::ConflictCopy, &Event::id)->strings ==
        std::vector<std::string>{"The practice", other, archive});
  CHECK(work.removed.empty());

  pass(2h);
  start();
  back_up(2);
  CHECK(told(EventId::ConflictCopy) == 1);
  CHECK(std::ranges::count(work.compared, other) == 1);
  copy(archive, "TABLET", "a third");
  pass(1h);
  CHECK(told(EventId::ConflictCopy) == 2);
}

TEST_CASE_METHOD(SharedDestination, "A copy by OneDrive is neither counted nor deleted") {
  const std::string archive = newest();
  const std::string other = copy(archive, "LAPTOP", "another");
  back_up(5);
  CHECK_FALSE(disk().contains(archive));
  CHECK(disk().contains(other));
  CHECK(disk().size() == 4);
  for (const RetentionDecision& decision : protection->retention_preview("emr")) {
    CHECK(decision.id != other);
  }
  CHECK(refusal_to_delete(other) ==
        other + " was not deleted, because it is a copy that OneDrive made: delete it by hand.");
  CHECK(disk().contains(other));

  // Alone it protects nothing.
  std::erase_if(disk(), [&](const auto& each) { return each.first != other; });
  work.checked.clear();
  lose_catalog();
  CHECK(known(other)->conflict_of == archive);
  CHECK(work.checked.empty());
  CHECK_FALSE(status().archived_at);
  protection->verify_archive("emr", other, [](const auto&, const auto&) {});
  settle();
  CHECK(known(other)->check == ArchiveFacts::Check::Verified);
  CHECK_FALSE(status().archived_at);
}

TEST_CASE_METHOD(SharedDestination, "Copies of another computer's archives stay where they are") {
  const std::string archive = of_other_computer(clock.now() - 1h);
  const std::string same = same_copy(archive, "LAPTOP");
  const std::string other = copy(archive, "TABLET", "another");
  pass(2h);
  CHECK(disk().contains(same));
  CHECK(aside().empty());
  CHECK(has_same_content(*known(same), *known(archive)));
  CHECK_FALSE(known(other)->file_hash.empty());
  CHECK(told(EventId::ConflictCopy) == 0);
}

TEST_CASE_METHOD(SharedDestination, "Copies that are in the cloud only are not compared") {
  const std::string archive = newest();
  const std::string in_cloud = same_copy(archive, "LAPTOP");
  disk().at(in_cloud).is_local = false;
  pass(1h);
  CHECK(work.compared.empty());
  CHECK(disk().contains(in_cloud));
  disk().at(in_cloud).is_local = true;
  disk().at(archive).is_local = false;
  pass(1h);
  CHECK(work.compared.empty());
  disk().at(archive).is_local = true;
  pass(1h);
  CHECK(aside().contains(in_cloud));
}

TEST_CASE_METHOD(SharedDestination, "What is in the cloud only is not checked by itself") {
  back_up(2);
  for (auto& [name, archive] : disk()) archive.is_local = false;
  lose_catalog();
  CHECK(work.checked.empty());
  CHECK(protection->archives("emr").size() == 3);
  CHECK_FALSE(status().archived_at);
  disk().begin()->second.is_local = true;
  pass(1h);
  CHECK(work.checked == std::vector{disk().begin()->first});
  CHECK(status().archived_at);
}

TEST_CASE_METHOD(SharedDestination, "What is in the cloud only is not tested by itself") {
  EffectiveDataset weekly = dataset();
  weekly.dataset.drill_every = 7 * 24h;
  back_up(2);
  for (auto& [name, archive] : disk()) archive.is_local = false;
  const std::string here = disk().begin()->first;
  disk().at(here).is_local = true;
  // Nothing is known of where archives are when the service starts.
  start({weekly});
  settle();
  CHECK(work.drilled == std::vector{here});
}

TEST_CASE_METHOD(SharedDestination,
                 "Archives of other computers are listed, and neither counted nor deleted") {
  std::set<std::string> others;
  for (int i = 0; i < 8; ++i) others.insert(of_other_computer(clock.now() + i * 20min));
  back_up(6);
  for (const std::string& name : others) {
    CAPTURE(name);
    CHECK(disk().contains(name));
    REQUIRE(known(name) != nullptr);
    CHECK(known(name)->host == "RECEPTION-2");
  }
  CHECK(disk().size() == 8 + 3);
  for (const std::string& name : work.removed) CHECK_FALSE(others.contains(name));
  for (const std::string& name : work.checked) CHECK_FALSE(others.contains(name));
  CHECK(refusal_to_delete(*others.begin()).find("another computer") != std::string::npos);

  // One that was read proves nothing for this computer.
  std::erase_if(disk(), [&](const auto& each) { return !others.contains(each.first); });
  lose_catalog();
  protection->verify_archive("emr", *others.rbegin(), [](const auto&, const auto&) {});
  settle();
  CHECK(known(*others.rbegin())->check == ArchiveFacts::Check::Verified);
  CHECK_FALSE(status().archived_at);
}

TEST_CASE_METHOD(SharedDestination, "What this computer made under its earlier name still counts") {
  const std::string archive = newest();
  protection.reset();
  protection =
      std::make_unique<Protection>(Protection::Parts{.catalog_file = folder.path() / "catalog.db",
                                                     .work = work,
                                                     .workers = workers,
                                                     .events = events,
                                                     .clock = clock,
                                                     .zone = zone,
                                                     .machine = {.host = "RENAMED"},
                                                     .on_change = [] {}});
  protection->use({dataset()});
  CHECK(status().archived_at);
}

}  // namespace
}  // namespace holdfast
