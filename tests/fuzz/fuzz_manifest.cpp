#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "common/error.h"
#include "service/archive/manifest.h"

namespace {

using namespace holdfast;

bool same(const ManifestEntry& a, const ManifestEntry& b) {
  const auto all = [](const ManifestEntry& entry) {
    return std::tie(entry.kind, entry.name, entry.size, entry.compressed_size, entry.crc32,
                    entry.xxh3, entry.block_offsets, entry.page_size);
  };
  return all(a) == all(b);
}

bool same(const Manifest& a, const Manifest& b) {
  const auto facts = [](const Manifest& manifest) {
    return std::tie(manifest.format, manifest.kind, manifest.dataset, manifest.created_at,
                    manifest.version, manifest.app_version, manifest.host, manifest.user,
                    manifest.reason, manifest.database, manifest.counts, manifest.schema_hash,
                    manifest.sqlite_version);
  };
  if (facts(a) != facts(b) || a.entries.size() != b.entries.size()) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (!same(a.entries[i], b.entries[i])) return false;
  }
  return true;
}

}  // namespace

// A manifest is refused in words of its own, or what it says survives being written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Manifest manifest;
  try {
    manifest = read_manifest({reinterpret_cast<const char*>(data), size});
  } catch (const Error& error) {
    const bool expected =
        error.code() == ErrorCode::ArchiveInvalid || error.code() == ErrorCode::ArchiveTooNew;
    if (!expected) std::abort();
    return 0;
  }
  if (!same(read_manifest(manifest_text(manifest)), manifest)) std::abort();
  return 0;
}
