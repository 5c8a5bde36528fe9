#include "service/archive/verify_archive.h"

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/blocks_ahead.h"
#include "service/archive/content_check.h"

namespace holdfast {
namespace {

// What damage a block shows, or nothing. Any other failure goes on its way.
std::string damage_of(const InflatedBlock& block) {
  if (!block.failure) return {};
  try {
    std::rethrow_exception(block.failure);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::ArchiveDamaged) throw;
    return error.what();
  }
}

// Takes an entry's blocks and returns its fault, or nothing.
std::string fault_of(const EntryContent& content, BlocksAhead& blocks,
                     const std::function<void(std::size_t bytes)>& after_block) {
  const ManifestEntry& entry = content.entry();
  ContentCheck check;
  std::string damage;
  for (std::size_t i = 0; i < entry.block_offsets.size(); ++i) {
    InflatedBlock block = blocks.next().value();
    if (damage.empty()) damage = damage_of(block);
    if (damage.empty()) check.add(block);
    blocks.recycle(std::move(block));
    after_block(content.block_bytes(i));
  }
  if (!damage.empty()) return damage;
  const auto fault = check.fault(entry);
  if (!fault) return {};
  return damaged_archive(content.archive(), fmt::format("{} {}", one_line(entry.name), *fault))
      .what();
}

}  // namespace

VerifyReport verify_archive(const ArchiveReader& archive, const ArchiveProgress& progress,
                            const std::stop_token& stop) {
  std::uint64_t total = 0;
  for (const ManifestEntry& entry : archive.entries()) total += entry.size;
  BlocksAhead blocks(archive, 0, archive.entries().size());
  VerifyReport report;
  for (std::size_t entry = 0; entry < archive.entries().size(); ++entry) {
    const std::string fault = fault_of(archive.content(entry), blocks, [&](std::size_t bytes) {
      if (stop.stop_requested()) throw cancelled_archive("verify", archive.name());
      report.bytes += bytes;
      if (progress) progress(report.bytes, total);
    });
    ++report.entries;
    if (!fault.empty()) report.faults.push_back(fault);
  }
  return report;
}

}  // namespace holdfast
