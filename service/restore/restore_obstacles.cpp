#include "service/restore/restore_obstacles.h"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/platform/file_holders.h"

namespace holdfast {

void refuse_what_is_no_file(const std::filesystem::path& database) {
  using Type = std::filesystem::file_type;
  std::error_code unknown;
  const Type type = std::filesystem::symlink_status(database, unknown).type();
  if (type == Type::not_found || type == Type::regular) return;
  throw Error(ErrorCode::AlreadyExists,
              fmt::format("Cannot restore over {}: it is no file but a folder or a link.",
                          path_text(database)),
              "Give the path of the database's own file; nothing was changed.");
}

Error in_use(const std::filesystem::path& database, std::string_view why) {
  const std::string holders = holders_text(file_holders({database}));
  return {ErrorCode::DatabaseBusy,
          fmt::format("Cannot restore over {}: {}.", path_text(database),
                      holders.empty() ? std::string(why) : "it is in use by " + holders),
          "Close the application and try again; nothing was changed."};
}

}  // namespace holdfast
