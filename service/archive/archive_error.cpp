#include "service/archive/archive_error.h"

#include <fmt/format.h>

#include "common/text.h"

namespace holdfast {

Error invalid_archive(std::string_view archive, std::string_view why) {
  return {ErrorCode::ArchiveInvalid,
          fmt::format("The archive {} is refused: {}.", one_line(archive), why),
          "Use an archive that Holdfast has written and nobody has changed."};
}

Error damaged_archive(std::string_view archive, std::string_view why) {
  return {ErrorCode::ArchiveDamaged,
          fmt::format("The archive {} is damaged: {}.", one_line(archive), why),
          "Use another archive, and check the disk and the cloud's copy of this one."};
}

Error cancelled_archive(std::string_view attempt, std::string_view archive) {
  return {
      ErrorCode::Cancelled,
      fmt::format("The attempt to {} the archive {} was cancelled.", attempt, one_line(archive)),
      "Start it again when it suits."};
}

}  // namespace holdfast
