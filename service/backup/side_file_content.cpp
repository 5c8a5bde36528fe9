#include "service/backup/side_file_content.h"

#include <xxhash.h>

#include <memory>
#include <vector>

#include "common/error.h"
#include "common/path_text.h"

namespace holdfast {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} * 1024;

struct HashStateDeleter {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

XXH128_hash_t read_once(Storage& storage, const std::filesystem::path& path,
                        const std::function<void(std::span<const std::byte>)>& take) {
  const std::unique_ptr<XXH3_state_t, HashStateDeleter> state(XXH3_createState());
  XXH3_128bits_reset(state.get());
  const std::unique_ptr<StoredFile> file = storage.open(path);
  std::vector<std::byte> piece(kPieceBytes);
  std::uint64_t place = 0;
  while (const std::size_t length = file->read_at(place, piece)) {
    const std::span<const std::byte> bytes(piece.data(), length);
    XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
    if (take) take(bytes);
    place += length;
  }
  return XXH3_128bits_digest(state.get());
}

Error changed(const std::filesystem::path& path) {
  return {ErrorCode::SourceChanged, path_text(path) + " was changed while it was read.",
          "It is tried again; if it stays so, leave it out or back up when the program rests."};
}

}  // namespace

void read_unchanging(Storage& storage, const std::filesystem::path& path,
                     const std::function<void(std::span<const std::byte>)>& take) {
  try {
    const XXH128_hash_t taken = read_once(storage, path, take);
    if (XXH128_isEqual(taken, read_once(storage, path, {})) == 0) throw changed(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::NotFound) throw changed(path);
    throw;
  }
}

}  // namespace holdfast
