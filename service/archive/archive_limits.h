#pragma once

#include <cstddef>
#include <cstdint>

namespace holdfast {

// What a reader takes from an archive before it has reason to trust it. Far more than any clinic
// needs, and little enough that no archive can exhaust the memory.
constexpr std::size_t kMaxArchiveEntries = 200'000;
constexpr std::size_t kMaxEntryNameBytes = 4096;
constexpr std::size_t kMaxDirectoryBytes = 64 * 1024 * 1024;
constexpr std::uint64_t kMaxManifestBytes = 64 * 1024 * 1024;
constexpr std::size_t kMaxBlocks = 4'000'000;  // 4 TB

// Deflate makes nothing smaller than this.
constexpr std::uint64_t kMaxDeflateRatio = 1032;

// The most bytes that deflating `content_bytes` can give, whoever deflates.
constexpr std::uint64_t most_deflated_bytes(std::uint64_t content_bytes) {
  return content_bytes + content_bytes / 8 + 4096;
}

// The most content that `deflated_bytes` can hold.
constexpr std::uint64_t most_inflated_bytes(std::uint64_t deflated_bytes) {
  return deflated_bytes * kMaxDeflateRatio + 1024;
}

}  // namespace holdfast
