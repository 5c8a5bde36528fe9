#include "service/command_line/archive_fetch.h"

#include <chrono>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "common/fetch_file.h"
#include "common/path_text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/export_command.h"
#include "service/command_line/interrupt.h"

namespace holdfast {
namespace {

using nlohmann::json;

bool is_in_cloud(const Error& error) {
  return error.code() == ErrorCode::ArchiveInCloud;
}

}  // namespace

json asked_of_archive(ServiceConnection& service, const ArchiveChoice& archive,
                      std::string_view method, const json& request,
                      std::chrono::milliseconds deadline,
                      const boost::program_options::variables_map& options, Output output) {
  try {
    return service.call(method, request, deadline);
  } catch (const Error& error) {
    if (!is_in_cloud(error)) throw;
  }
  const Interrupt interrupt;
  {
    ProgressLine line(output.err, watched(options, output), output.err_columns);
    fetch_file(
        archive_place(service, archive.dataset, archive.file_name),
        [&line](std::uint64_t done, std::uint64_t total) { line.show("fetching", done, total); },
        kFetchPatience, interrupt.token());
  }
  const SystemClock clock;
  for (int asked = 1;; ++asked) {
    try {
      return service.call(method, request, deadline);
    } catch (const Error& error) {
      const bool is_enough =
          asked == kMostQuestionsAfterFetch || interrupt.token().stop_requested();
      if (!is_in_cloud(error) || is_enough) throw;
    }
    clock.wait(kAskAgainAfterFetch, interrupt.token());
  }
}

}  // namespace holdfast
