#include "service/catalog/catalog.h"

#include <limits>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

using Check = ArchiveFacts::Check;
using Names = std::vector<std::string>;

const Time kNow = time_from("2026-11-20T10:00:00Z");

ArchiveRecord archive(const std::string& name, Time taken_at = kNow) {
  return {.dataset = "clinic",
          .destination = "E:\\Backups",
          .file_name = name,
          .host = "PC",
          .taken_at = taken_at,
          .bytes = 1000,
          .reason = "test",
          .counts = {{"patients", 7}}};
}

ArchiveRecord verified(ArchiveRecord record) {
  record.check = Check::Verified;
  record.checked_at = kNow;
  return record;
}

struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "catalog.db";
  Catalog catalog{file, kNow};

  std::uint64_t make(const ArchiveRecord& record) {
    const std::int64_t run = catalog.begin_run({.dataset = record.dataset, .started_at = kNow});
    catalog.end_run(run, {.ended_at = kNow, .outcome = RunOutcome::Verified}, record);
    for (const ArchiveRecord& each : catalog.archives(record.dataset)) {
      const bool is_it = each.destination == record.destination;
      if (is_it && each.file_name == record.file_name) return each.sequence.value();
    }
    throw std::runtime_error("it is not in the catalog");
  }

  Names names() const {
    Names names;
    for (const ArchiveRecord& each : catalog.archives("clinic")) names.push_back(each.file_name);
    return names;
  }

  ArchiveRecord only() const {
    const auto archives = catalog.archives("clinic");
    REQUIRE(archives.size() == 1);
    return archives.front();
  }

  Catalog::Reconciled reconcile(const std::vector<ArchiveRecord>& found) {
    return catalog.reconcile("clinic", "E:\\Backups", found);
  }
};

TEST_CASE("A dataset is known since it was first asked for, and what is saved of it stays") {
  Fixture fixture;
  CHECK(fixture.catalog.begun_anew().empty());
  CHECK(fixture.catalog.dataset("clinic", kNow).known_since == kNow);
  DatasetRecord record = fixture.catalog.dataset("clinic", kNow + 1h);
  CHECK(record == DatasetRecord{.dataset = "clinic", .known_since = kNow});

  record.damage = "row 7 missing from index visit_date";
  record.drops = {{"visits", 100, 3}, {"patients", 7, std::nullopt}, {"a", -1, -2}};
  record.good_counts = {{"patients", 7}, {"märz", std::numeric_limits<std::int64_t>::min()}};
  record.change_mark = std::string("1\0\n'; DROP TABLE run; --", 24);
  record.marked_archive = "emr_20261120T100000Z_PC.zip";
  record.not_in_cloud_since = kNow - 5h;
  fixture.catalog.save(record);
  const DatasetRecord other{.dataset = "rvu", .known_since = kNow - 9h, .change_mark = "x"};
  fixture.catalog.save(other);
  CHECK(fixture.catalog.dataset("clinic", kNow) == record);
  CHECK(Catalog(fixture.file, kNow).dataset("clinic", kNow) == record);

  record.drops.clear();
  record.good_counts = {{"visits", 1}};
  record.damage.clear();
  fixture.catalog.save(record);
  CHECK(fixture.catalog.dataset("clinic", kNow) == record);
  CHECK(fixture.catalog.dataset("rvu", kNow) == other);
}

TEST_CASE("An archive that was made is known with all that was said of it, and its sequence") {
  Fixture fixture;
  ArchiveRecord made = verified(archive("a.zip"));
  made.format = ArchiveFormat::LegacyFolder;
  made.kind = ArchiveName::Kind::Safety;
  made.fault = "none";
  made.user = "ann";
  made.schema_hash = "0123";
  made.drilled_at = kNow + 1s;
  made.cloud_confirmed_at = kNow + 2s;
  made.cloud_state = "waiting";
  made.cloud_since = kNow + 3s;
  made.cloud_sentence = "It waits.";
  made.written_at = std::numeric_limits<std::int64_t>::max();
  made.file_hash = "4567";
  made.conflict_of = "b.zip";
  made.destination = "E:\\Sicherungen\\M\xC3\xA4rz";
  made.sequence = 4711;
  CHECK(fixture.make(made) == 1);
  made.sequence = 1;
  CHECK(fixture.only() == made);
  CHECK(Catalog(fixture.file, kNow).archives("clinic").front() == made);
  CHECK(fixture.catalog.archives("rvu").empty());
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 1}).front().archive == "a.zip");
}

TEST_CASE("Sequences never repeat, also after the newest archives were forgotten") {
  Fixture fixture;
  CHECK(fixture.make(archive("a.zip")) == 1);
  CHECK(fixture.make(archive("b.zip")) == 2);
  fixture.catalog.forget(archive("b.zip"));
  CHECK(fixture.make(archive("c.zip")) == 3);
  for (const char* name : {"a.zip", "c.zip"}) fixture.catalog.forget(archive(name));
  CHECK(fixture.names().empty());
  Catalog again(fixture.file, kNow);
  again.end_run(again.begin_run({.dataset = "clinic"}), {.outcome = RunOutcome::Verified},
                archive("d.zip"));
  CHECK(again.archives("clinic").front().sequence == 4);
}

TEST_CASE("Archives come by sequence, then by date, then by name, the newest first") {
  Fixture fixture;
  fixture.reconcile({archive("f2.zip", kNow - 5h), archive("f1.zip", kNow + 9h),
                     archive("f4.zip", kNow - 5h), archive("f3.zip", kNow - 6h)});
  ArchiveRecord elsewhere = archive("s2.zip", kNow - 90h);
  elsewhere.destination = "F:\\";
  fixture.make(archive("s1.zip", kNow));
  fixture.make(elsewhere);
  fixture.make(archive("s3.zip", kNow - 99h));
  CHECK(fixture.names() ==
        Names{"s3.zip", "s2.zip", "s1.zip", "f1.zip", "f4.zip", "f2.zip", "f3.zip"});
}

TEST_CASE("What is known of an archive is replaced, but never its sequence, nor one made of none") {
  Fixture fixture;
  fixture.make(archive("a.zip"));
  ArchiveRecord changed = verified(archive("a.zip", kNow - 1h));
  changed.counts = {{"visits", 3}};
  changed.drilled_at = kNow;
  changed.sequence = 99;
  fixture.catalog.update(changed);
  changed.sequence = 1;
  CHECK(fixture.only() == changed);

  fixture.catalog.update(archive("b.zip"));
  ArchiveRecord elsewhere = archive("a.zip");
  elsewhere.destination = "F:\\";
  fixture.catalog.update(elsewhere);
  fixture.catalog.forget(elsewhere);
  fixture.catalog.forget(archive("b.zip"));
  CHECK(fixture.only() == changed);
}

TEST_CASE("Of many archives the way into the cloud is replaced, and nothing else") {
  Fixture fixture;
  fixture.make(archive("a.zip"));
  fixture.make(archive("b.zip"));
  const std::vector<ArchiveRecord> before = fixture.catalog.archives("clinic");
  std::vector<ArchiveRecord> changed = before;
  for (ArchiveRecord& record : changed) {
    record.cloud_state = "uploaded";
    record.cloud_since = kNow;
    record.cloud_confirmed_at = kNow;
    record.cloud_sentence = "Said.";
  }
  std::vector<ArchiveRecord> told = changed;
  told.push_back(archive("unknown.zip"));
  for (ArchiveRecord& record : told) record.bytes = 5;
  fixture.catalog.update_cloud(told);
  CHECK(fixture.catalog.archives("clinic") == changed);
  for (ArchiveRecord& record : changed) {
    record.cloud_state.clear();
    record.cloud_since.reset();
    record.cloud_confirmed_at.reset();
    record.cloud_sentence.clear();
  }
  fixture.catalog.update_cloud(changed);
  CHECK(fixture.catalog.archives("clinic") == before);
}

TEST_CASE("What a scan found is added unchecked, and what it did not find is forgotten") {
  Fixture fixture;
  fixture.make(verified(archive("kept.zip")));
  fixture.make(verified(archive("gone.zip")));
  ArchiveRecord elsewhere = archive("elsewhere.zip");
  elsewhere.destination = "F:\\";
  fixture.make(elsewhere);
  ArchiveRecord boastful = verified(archive("new.zip"));
  boastful.sequence = 7;
  boastful.drilled_at = boastful.cloud_confirmed_at = kNow;
  boastful.dataset = boastful.destination = "somebody else's";
  const auto result = fixture.reconcile({archive("kept.zip"), boastful, boastful});
  CHECK(result.added == Names{"new.zip"});
  CHECK(result.gone == Names{"gone.zip"});
  CHECK(result.changed.empty());
  CHECK(fixture.names() == Names{"elsewhere.zip", "kept.zip", "new.zip"});
  CHECK(fixture.catalog.archives("clinic").back() == archive("new.zip"));
  CHECK(fixture.catalog.archives("clinic")[1].check == Check::Verified);

  const auto again = fixture.reconcile({archive("kept.zip"), archive("new.zip")});
  CHECK(again.added.empty());
  CHECK(again.gone.empty());
  CHECK(fixture.catalog.reconcile("rvu", "E:\\Backups", {}).gone.empty());
  CHECK(fixture.names().size() == 3);
}

TEST_CASE("An archive whose size changed is unchecked again, and keeps its sequence only") {
  Fixture fixture;
  ArchiveRecord made = verified(archive("a.zip"));
  made.drilled_at = made.cloud_confirmed_at = made.cloud_since = kNow;
  made.cloud_state = made.cloud_sentence = made.file_hash = made.conflict_of = "x";
  made.written_at = 7;
  fixture.make(made);
  ArchiveRecord found = archive("a.zip");
  found.bytes = 999;
  found.counts = {{"patients", 6}};
  const auto result = fixture.reconcile({found});
  CHECK(result.changed == Names{"a.zip"});
  CHECK(result.added.empty());
  found.sequence = 1;
  CHECK(fixture.only() == found);
}

TEST_CASE("An unchecked archive takes over what it tells of itself now, a checked one stays") {
  Fixture fixture;
  ArchiveRecord unreadable = archive("a.zip");
  unreadable.counts.clear();
  unreadable.fault = "the drive was away";
  fixture.reconcile({unreadable});
  fixture.reconcile({archive("a.zip")});
  CHECK(fixture.only() == archive("a.zip"));
  fixture.reconcile({unreadable});
  ArchiveRecord both = archive("a.zip");
  both.fault = unreadable.fault;
  CHECK(fixture.only() == both);

  for (const Check check : {Check::Verified, Check::Broken}) {
    ArchiveRecord checked = verified(archive("a.zip"));
    checked.check = check;
    checked.fault = "as verification told";
    fixture.catalog.update(checked);
    fixture.reconcile({unreadable});
    CHECK(fixture.only() == checked);
  }
}

TEST_CASE("What was seen in the cloud stays when an unchecked archive tells of itself again") {
  Fixture fixture;
  ArchiveRecord known = archive("a-2.zip");
  known.cloud_state = "uploaded";
  known.cloud_since = known.cloud_confirmed_at = kNow;
  known.cloud_sentence = "It is there.";
  known.written_at = 7;
  known.file_hash = "4567";
  fixture.make(known);
  known.sequence = 1;
  ArchiveRecord found = archive("a-2.zip");
  found.conflict_of = known.conflict_of = "a.zip";
  found.reason = known.reason = "another";
  fixture.reconcile({found});
  CHECK(fixture.only() == known);
}

TEST_CASE("An archive that is only in the cloud now keeps what is known of it") {
  Fixture fixture;
  ArchiveRecord known = archive("a.zip");
  known.fault = "the drive was away";
  known.conflict_of = "b.zip";
  fixture.reconcile({known});
  ArchiveRecord in_cloud{
      .file_name = "a.zip", .host = "PC", .taken_at = kNow, .bytes = 1000, .is_local = false};
  fixture.reconcile({in_cloud});
  CHECK(fixture.only() == known);
  in_cloud.bytes = 1001;
  CHECK(fixture.reconcile({in_cloud}).changed == Names{"a.zip"});
  CHECK(fixture.only().counts.empty());
}

TEST_CASE("A record of name and size only keeps what is known, and makes nothing new") {
  Fixture fixture;
  const ArchiveRecord made = verified(archive("a.zip"));
  fixture.make(made);
  const auto result = fixture.reconcile(
      {{.file_name = "a.zip", .bytes = 1000}, {.file_name = "deleted-meanwhile.zip", .bytes = 5}});
  CHECK(result.added.empty());
  CHECK(result.gone.empty());
  CHECK(result.changed.empty());
  CHECK(fixture.only().check == Check::Verified);
  CHECK(fixture.only().counts == made.counts);
}

TEST_CASE("What is known of an archive goes with it to another folder, but not what a cloud has") {
  Fixture fixture;
  ArchiveRecord made = verified(archive("a.zip"));
  made.cloud_confirmed_at = kNow;
  made.cloud_state = "uploaded";
  made.cloud_since = kNow;
  made.drilled_at = kNow;
  const std::uint64_t sequence = fixture.make(made);
  fixture.catalog.move(made, "F:\\Backups");
  const ArchiveRecord moved = fixture.only();
  CHECK(moved.destination == "F:\\Backups");
  CHECK(moved.sequence == sequence);
  CHECK(moved.check == Check::Verified);
  CHECK(moved.drilled_at == kNow);
  CHECK(moved.counts == made.counts);
  CHECK_FALSE(moved.cloud_confirmed_at);
  CHECK(moved.cloud_state.empty());

  // One that is known there already stays as it is, and so does the other.
  fixture.reconcile({archive("a.zip")});
  fixture.catalog.move(moved, "E:\\Backups");
  CHECK(fixture.catalog.archives("clinic").size() == 2);
}

TEST_CASE("An archive that a scan found before its run was recorded gets its sequence") {
  Fixture fixture;
  fixture.reconcile({archive("a.zip")});
  CHECK(fixture.make(verified(archive("a.zip"))) == 1);
  CHECK(fixture.only().check == Check::Verified);
}

TEST_CASE("Text that is not UTF-8, and times out of all time, are stored as what can be read") {
  Fixture fixture;
  ArchiveRecord odd = archive("a\xFF.zip", Time::max());
  odd.reason = "\xC3";
  odd.counts = {{"\xFF", 1}, {"\xFE", 2}};
  odd.bytes = std::numeric_limits<std::uint64_t>::max();
  fixture.reconcile({odd});
  fixture.catalog.begin_run(
      {.dataset = "clinic", .cause = "\xFF", .user = "\xFF\xFF", .started_at = Time::min()});
  fixture.catalog.save({.dataset = "\xFF", .known_since = Time::max(), .damage = "\x80"});

  const Catalog again(fixture.file, kNow);
  CHECK(again.begun_anew().empty());
  CHECK(again.archives("clinic").front().file_name == "a?.zip");
  CHECK(again.archives("clinic").front().counts.size() == 1);
  CHECK(fixture.reconcile({odd}).added.empty());
  CHECK(again.runs({.dataset = "clinic", .limit = 1}).front().user == "??");
  fixture.catalog.forget(odd);
  CHECK(again.archives("clinic").empty());
}

}  // namespace
}  // namespace holdfast
