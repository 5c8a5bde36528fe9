#include "service/restore/restore_stage.h"

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/entry_name.h"
#include "service/archive/sqlite_sidecars.h"
#include "service/platform/is_there.h"
#include "service/restore/remove_tree.h"

namespace holdfast {
namespace {

using nlohmann::json;
using Phase = RestoreJournal::Phase;
using Way = RestoreJournal::Way;

constexpr const char* kJournal = "journal.json";
constexpr const char* kLock = "lock";
constexpr int kJournalFormat = 1;
constexpr std::uint64_t kMostJournalBytes = std::uint64_t{64} << 20;

constexpr std::string_view kPhases[] = {"staging", "swapping", "done"};
constexpr std::string_view kWays[] = {"transaction", "files"};

template <typename Value, std::size_t kCount>
Value value_of(const std::string_view (&words)[kCount], const std::string& word) {
  const auto found = std::ranges::find(words, word);
  if (found == std::end(words)) throw std::invalid_argument(word);
  return static_cast<Value>(found - std::begin(words));
}

// Whoever may write to the database's folder may write to the journal in it.
bool names_stay_below(const RestoreJournal& journal) {
  const auto is_good = [](const std::string& name) {
    return !entry_name_fault(name) && !is_in_stage(name);
  };
  return std::ranges::all_of(journal.moved_out, is_good) &&
         std::ranges::all_of(journal.moved_in, is_good) &&
         (journal.set_aside.empty() || is_good(journal.set_aside));
}

}  // namespace

std::string journal_text(const RestoreJournal& journal) {
  json witnesses = json::array();
  for (const WitnessPage& page : journal.witnesses) {
    witnesses.push_back({page.number, page.before, page.restored});
  }
  return json{{"format", kJournalFormat},
              {"phase", kPhases[static_cast<std::size_t>(journal.phase)]},
              {"way", kWays[static_cast<std::size_t>(journal.way)]},
              {"witnesses", witnesses},
              {"moved_out", journal.moved_out},
              {"moved_in", journal.moved_in},
              {"set_aside", journal.set_aside}}
      .dump();
}

RestoreJournal journal_from(std::string_view text) {
  try {
    const json read = json::parse(text);
    if (read.at("format") != kJournalFormat) throw std::invalid_argument("format");
    RestoreJournal journal{.phase = value_of<Phase>(kPhases, read.at("phase").get<std::string>()),
                           .way = value_of<Way>(kWays, read.at("way").get<std::string>()),
                           .moved_out = read.at("moved_out").get<std::vector<std::string>>(),
                           .moved_in = read.at("moved_in").get<std::vector<std::string>>(),
                           .set_aside = read.at("set_aside").get<std::string>()};
    for (const json& page : read.at("witnesses")) {
      journal.witnesses.push_back({.number = page.at(0).get<std::uint32_t>(),
                                   .before = page.at(1).get<std::uint64_t>(),
                                   .restored = page.at(2).get<std::uint64_t>()});
    }
    if (!names_stay_below(journal)) throw std::invalid_argument("names");
    return journal;
  } catch (const std::exception&) {
    throw Error(ErrorCode::SystemCallFailed,
                "The record of a restore that was broken off cannot be read.",
                "Keep its folder, and ask for help: nothing in it was deleted.");
  }
}

RestoreStage::RestoreStage(Storage& storage, const std::filesystem::path& database)
    : storage_(storage),
      home_(database.parent_path()),
      database_(path_text(database.filename())),
      folder_(home_ / text_path(std::string(kStagePrefix) + database_)) {}

bool RestoreStage::exists() const {
  if (!is_there(folder_)) return false;
  refuse_links();
  return true;
}

void RestoreStage::refuse_links() const {
  const auto refuse_link_in = [this](
                                  const std::filesystem::path& folder,
                                  const std::function<bool(const std::filesystem::path&)>& is_own) {
    for (const StoredEntry& entry : storage_.list(folder)) {
      if (entry.kind != StoredEntry::Kind::Link || !is_own(entry.name)) continue;
      throw Error(ErrorCode::AccessDenied,
                  fmt::format("Cannot restore into {}: {} there is a link.", path_text(home_),
                              path_text(entry.name)),
                  "Find out who made it, and remove it; nothing was changed.");
    }
  };
  refuse_link_in(home_, [this](const auto& name) { return name == folder_.filename(); });
  refuse_link_in(folder_, [](const auto&) { return true; });
}

void RestoreStage::begin() {
  storage_.create_folders(folder_);
  refuse_links();
  try {
    lock_ = storage_.create(folder_ / kLock);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::AlreadyExists) throw;
    throw Error(ErrorCode::DatabaseBusy,
                fmt::format("Cannot restore into {}: another restore is under way there.",
                            path_text(home_)),
                "Wait until it has ended; nothing was changed.");
  }
}

bool RestoreStage::is_in_use() const {
  const std::filesystem::path lock = folder_ / kLock;
  return is_there(lock) && storage_.is_being_written(lock);
}

std::optional<RestoreJournal> RestoreStage::journal() const {
  const std::filesystem::path path = folder_ / kJournal;
  if (!is_there(path)) return std::nullopt;
  const std::unique_ptr<StoredFile> file = storage_.open(path);
  std::string text(static_cast<std::size_t>(std::min(file->size(), kMostJournalBytes)), '\0');
  text.resize(file->read_at(0, std::as_writable_bytes(std::span(text))));
  return journal_from(text);
}

void RestoreStage::write(const RestoreJournal& journal) {
  const std::filesystem::path next = folder_ / "journal.tmp";
  if (is_there(next)) storage_.remove(next);
  {
    const std::string text = journal_text(journal);
    const std::unique_ptr<StoredFile> file = storage_.create(next);
    file->write_at(0, std::as_bytes(std::span(text)));
    file->flush();
  }
  storage_.replace(next, folder_ / kJournal);
  storage_.flush_folder(folder_);
}

void RestoreStage::move_out(const RestoreJournal& journal) {
  for (const std::string& name : journal.moved_out) {
    if (is_there(home_ / text_path(name)) && !is_there(old() / text_path(name))) {
      move(home_, old(), name);
    }
  }
  flush_parents(journal.moved_out);
}

void RestoreStage::move_in(const RestoreJournal& journal) {
  for (const std::string& name : journal.moved_in) {
    if (is_there(fresh() / text_path(name))) move(fresh(), home_, name);
  }
  flush_parents(journal.moved_in);
}

void RestoreStage::clear_way_forward(const RestoreJournal& journal) {
  for (const std::string& name : journal.moved_in) {
    if (!is_there(fresh() / text_path(name))) continue;
    const bool is_still_before =
        is_there(home_ / text_path(name)) && !was_made_since(journal, name);
    for (const std::string& file : with_sidecars(name)) {
      if (!was_made_since(journal, file)) continue;
      // What stands beside a database that was not moved out yet belongs to that one.
      move(home_, is_still_before ? old() : made_since(), file);
    }
  }
}

void RestoreStage::move_back(const RestoreJournal& journal) {
  for (const std::string& name : journal.moved_in) {
    if (has_come_in(name)) move(home_, fresh(), name);
  }
  for (const std::string& name : journal.moved_out) {
    if (is_there(old() / text_path(name))) move(old(), home_, name);
  }
  flush_parents(journal.moved_out);
}

void RestoreStage::clear_way_back(const RestoreJournal& journal) {
  const auto keep_aside = [&](const std::string& file) {
    if (was_made_since(journal, file)) move(home_, made_since(), file);
  };
  std::set<std::string> come_in;
  for (const std::string& name : journal.moved_in) {
    if (!has_come_in(name)) continue;
    come_in.insert(name);
    for (const std::string& file : with_sidecars(name)) {
      if (file != name) keep_aside(file);
    }
  }
  for (const std::string& name : journal.moved_out) {
    const bool is_in_the_way = is_there(old() / text_path(name)) &&
                               is_there(home_ / text_path(name)) && !come_in.contains(name);
    if (!is_in_the_way) continue;
    for (const std::string& file : with_sidecars(name)) keep_aside(file);
  }
}

void RestoreStage::finish(const RestoreJournal& journal) {
  if (!journal.set_aside.empty() && is_there(old())) {
    storage_.rename(old(), home_ / text_path(journal.set_aside));
    storage_.flush_folder(home_);
  }
  lock_.reset();
  try {
    // The journal goes last: until then the next start goes on from here.
    for (const std::filesystem::path& part : {fresh(), old()}) {
      if (is_there(part)) remove_tree(storage_, part);
    }
    remove_tree(storage_, folder_);
  } catch (const Error&) {
    return;
  }
}

bool RestoreStage::has_come_in(const std::string& name) const {
  return is_there(home_ / text_path(name)) && !is_there(fresh() / text_path(name));
}

// By others: what was moved out is there once more, or was not there when the moves were planned.
bool RestoreStage::was_made_since(const RestoreJournal& journal, const std::string& name) const {
  return is_there(home_ / text_path(name)) &&
         (is_there(old() / text_path(name)) ||
          std::ranges::find(journal.moved_out, name) == journal.moved_out.end());
}

const std::filesystem::path& RestoreStage::made_since() {
  for (int counter = 1; made_since_.empty(); ++counter) {
    const std::string number = counter == 1 ? std::string() : fmt::format(".{}", counter);
    const std::filesystem::path next = home_ / text_path(database_ + ".made-since" + number);
    if (!is_there(next)) made_since_ = next;
  }
  return made_since_;
}

void RestoreStage::move(const std::filesystem::path& from, const std::filesystem::path& to,
                        const std::string& name) {
  const std::filesystem::path target = to / text_path(name);
  storage_.create_folders(target.parent_path());
  storage_.rename(from / text_path(name), target);
}

void RestoreStage::flush_parents(const std::vector<std::string>& names) {
  std::set<std::filesystem::path> parents;
  for (const std::string& name : names) parents.insert((home_ / text_path(name)).parent_path());
  for (const std::filesystem::path& parent : parents) storage_.flush_folder(parent);
}

}  // namespace holdfast
