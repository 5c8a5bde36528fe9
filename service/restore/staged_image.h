#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "common/error.h"
#include "service/platform/storage.h"
#include "service/restore/staged_database.h"

namespace holdfast {

// Reads a staged database at places. For one thread.
class ImageReader {
 public:
  ImageReader() = default;
  ImageReader(const ImageReader&) = delete;
  ImageReader& operator=(const ImageReader&) = delete;
  virtual ~ImageReader() = default;

  // Fewer bytes than asked for only at its end. Throws Error for what is not as it was staged.
  virtual std::size_t read_at(std::uint64_t place, std::span<std::byte> into) = 0;
  // Whether these bytes stand there, as far as that is known without reading; else false.
  virtual bool has(std::uint64_t place, std::span<const std::byte> bytes) const = 0;
};

// The main database of what is restored, as it was compared with what was backed up. Many threads
// may ask for readers and connections; these must not outlive it.
class StagedImage {
 public:
  StagedImage() = default;
  StagedImage(const StagedImage&) = delete;
  StagedImage& operator=(const StagedImage&) = delete;
  virtual ~StagedImage() = default;

  virtual std::uint64_t size() const = 0;
  virtual std::unique_ptr<ImageReader> reader() const = 0;
  // As SQLite reads it; see StagedDatabase.
  virtual std::unique_ptr<StagedDatabase> database(std::function<bool()> must_end,
                                                   const Error& cancelled) const = 0;
};

// All of it in a file that nobody else has open.
class ImageFile final : public StagedImage {
 public:
  ImageFile(Storage& storage, std::filesystem::path file);

  std::uint64_t size() const override;
  std::unique_ptr<ImageReader> reader() const override;
  std::unique_ptr<StagedDatabase> database(std::function<bool()> must_end,
                                           const Error& cancelled) const override;

 private:
  Storage& storage_;
  const std::filesystem::path path_;
};

}  // namespace holdfast
