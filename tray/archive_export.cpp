#include "tray/archive_export.h"

#include <exception>
#include <filesystem>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>

#include "common/error.h"
#include "common/path_text.h"
#include "common/unfinished_export.h"
#include "tray/holdfast_program.h"
#include "tray/program_answer.h"

namespace holdfast {
namespace {

// A program that was ended could not do this itself.
void remove_unfinished(const std::string& archive, const std::string& folder) {
  std::filesystem::path copy = text_path(folder) / text_path(archive).filename();
  copy += kUnfinishedExportEnd;
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
}

ArchiveExport::Outcome exported(const std::string& archive, const std::string& folder,
                                const std::stop_token& stop) {
  const std::string output = holdfast_output(
      "export " + quoted_path(archive) + " --to " + quoted_path(folder) + " --json", stop);
  return {.is_good = true, .words = exported_copy(output)};
}

}  // namespace

void ArchiveExport::start(const std::string& archive, const std::string& folder,
                          std::function<void(const Outcome&)> on_end) {
  thread_ =
      std::jthread([archive, folder, on_end = std::move(on_end)](const std::stop_token& stop) {
        Outcome outcome;
        try {
          outcome = exported(archive, folder, stop);
        } catch (const Error& failure) {
          outcome.is_cancelled = failure.code() == ErrorCode::Cancelled;
          outcome.words = failure.line();
          const bool was_ended = outcome.is_cancelled || failure.code() == ErrorCode::TimedOut;
          if (was_ended) remove_unfinished(archive, folder);
        } catch (const std::exception& failure) {
          outcome.words = failure.what();
        }
        on_end(outcome);
      });
}

}  // namespace holdfast
