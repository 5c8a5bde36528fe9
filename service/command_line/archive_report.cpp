#include "service/command_line/archive_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "common/relative_time.h"
#include "common/text.h"
#include "service/command_line/text_layout.h"

namespace holdfast {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxFaultBytes = 1000;

std::string note_of(const ListedArchive& archive) {
  if (!archive.fault.empty()) return "BAD: " + archive.fault;
  if (!archive.manifest) return "only in the cloud, and not opened";
  std::string text = archive.name.kind == ArchiveName::Kind::Safety ? "made before a restore" : "";
  for (const std::string& more : {archive.manifest->reason, counts_text(*archive.manifest)}) {
    if (!more.empty()) text += (text.empty() ? "" : "; ") + one_line(more);
  }
  return text;
}

}  // namespace

json archive_json(const std::filesystem::path& path, std::uint64_t bytes,
                  const Manifest& manifest) {
  return {{"archive", path_text(path)},
          {"bytes", bytes},
          {"dataset", manifest.dataset},
          {"created_at", utc_text(manifest.created_at)},
          {"host", manifest.host},
          {"reason", manifest.reason},
          {"entries", manifest.entries.size()},
          {"counts", manifest.counts}};
}

std::string counts_text(const Manifest& manifest) {
  std::string text;
  for (const auto& [name, value] : manifest.counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one_line(name), value);
  }
  return text;
}

json listed_json(const std::vector<ListedArchive>& archives, const std::filesystem::path& folder) {
  json list = json::array();
  for (const ListedArchive& archive : archives) {
    const std::filesystem::path path = folder / archive.file_name;
    if (archive.manifest) {
      list.push_back(archive_json(path, archive.bytes, *archive.manifest));
      continue;
    }
    list.push_back({{"archive", path_text(path)},
                    {"bytes", archive.bytes},
                    {"dataset", archive.name.dataset},
                    {"created_at", utc_text(archive.name.taken_at)},
                    {"host", archive.name.host}});
    if (!archive.fault.empty()) list.back()["fault"] = archive.fault;
  }
  return list;
}

std::string listed_report(const std::vector<ListedArchive>& archives, const ReportView& view) {
  Table table({{"Archive"}, {"Size", Table::Column::Align::Right}, {"Local time"}, {"Age"}});
  for (const ListedArchive& archive : archives) {
    table.add({{path_text(archive.file_name)},
               {size_text(archive.bytes)},
               {local_text(archive.name.taken_at, view.zone)},
               {ago_text(archive.name.taken_at, view.now)}},
              {note_of(archive), archive.fault.empty() ? Tone::Plain : Tone::Bad});
  }
  return table.text(view.style);
}

json verified_json(const std::vector<VerifiedArchive>& archives) {
  json list = json::array();
  for (const auto& [archive, faults, bytes] : archives) {
    list.push_back({{"archive", archive},
                    {"good", faults.empty()},
                    {"content_bytes", bytes},
                    {"faults", faults}});
  }
  return list;
}

std::string verified_report(const std::vector<VerifiedArchive>& archives, const Style& style) {
  std::string report;
  std::size_t bad = 0;
  for (const auto& [archive, faults, bytes] : archives) {
    const bool is_good = faults.empty();
    if (!is_good) ++bad;
    // A path may have blanks, and is never broken.
    report += toned(is_good ? "Good:" : "BAD:", is_good ? Tone::Good : Tone::Bad, style) + ' ' +
              one_line(archive, kMaxFaultBytes) + '\n';
    for (const std::string& fault : faults) {
      report += led("   ", one_line(fault, kMaxFaultBytes), style);
    }
  }
  if (archives.size() > 1) report += fmt::format("{} good, {} bad.\n", archives.size() - bad, bad);
  return report;
}

}  // namespace holdfast
