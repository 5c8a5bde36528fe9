#include <cstddef>
#include <cstdint>
#include <string>

#include "common/error.h"
#include "service/archive/verify_archive.h"
#include "tests/support/crafted_archive.h"

// Whatever the bytes are, an archive is refused with an Error, reported faulty or found good.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  holdfast::OneFileStorage storage(std::string(reinterpret_cast<const char*>(data), size));
  try {
    holdfast::verify_archive(holdfast::ArchiveReader(storage, "fuzz.zip"));
  } catch (const holdfast::Error&) {
    return 0;
  }
  return 0;
}
