#include "common/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast {
namespace {

struct CodeName {
  ErrorCode code;
  std::string_view name;
};
constexpr std::array<CodeName, 42> kNames{{
    {ErrorCode::Internal, "internal"},
    {ErrorCode::Usage, "usage"},
    {ErrorCode::LineTooLong, "line_too_long"},
    {ErrorCode::NotUtf8, "not_utf8"},
    {ErrorCode::NotJson, "not_json"},
    {ErrorCode::TooDeep, "too_deep"},
    {ErrorCode::NotJsonRpc, "not_json_rpc"},
    {ErrorCode::UnknownMethod, "unknown_method"},
    {ErrorCode::BadParameters, "bad_parameters"},
    {ErrorCode::HelloFirst, "hello_first"},
    {ErrorCode::HelloLate, "hello_late"},
    {ErrorCode::ProtocolUnsupported, "protocol_unsupported"},
    {ErrorCode::TooManyConnections, "too_many_connections"},
    {ErrorCode::TooManyRequests, "too_many_requests"},
    {ErrorCode::AlreadyRunning, "already_running"},
    {ErrorCode::AccessDenied, "access_denied"},
    {ErrorCode::ServiceUnreachable, "service_unreachable"},
    {ErrorCode::ServiceRefused, "service_refused"},
    {ErrorCode::ServiceUntrusted, "service_untrusted"},
    {ErrorCode::TimedOut, "timed_out"},
    {ErrorCode::OutputFailed, "output_failed"},
    {ErrorCode::SystemCallFailed, "system_call_failed"},
    {ErrorCode::NotFound, "not_found"},
    {ErrorCode::AlreadyExists, "already_exists"},
    {ErrorCode::DiskFull, "disk_full"},
    {ErrorCode::Cancelled, "cancelled"},
    {ErrorCode::SourceChanged, "source_changed"},
    {ErrorCode::NotADatabase, "not_a_database"},
    {ErrorCode::DatabaseEmpty, "database_empty"},
    {ErrorCode::DatabaseBusy, "database_busy"},
    {ErrorCode::DatabaseDamaged, "database_damaged"},
    {ErrorCode::CountFailed, "count_failed"},
    {ErrorCode::QueryFailed, "query_failed"},
    {ErrorCode::ArchiveInvalid, "archive_invalid"},
    {ErrorCode::ArchiveDamaged, "archive_damaged"},
    {ErrorCode::ArchiveTooNew, "archive_too_new"},
    {ErrorCode::ArchiveNeeded, "archive_needed"},
    {ErrorCode::ConfigFaulty, "config_faulty"},
    {ErrorCode::ArchiveForeign, "archive_foreign"},
    {ErrorCode::RestoreFailed, "restore_failed"},
    {ErrorCode::ArchiveInCloud, "archive_in_cloud"},
    {ErrorCode::FileBusy, "file_busy"},
}};
static_assert(kNames.size() == static_cast<std::size_t>(ErrorCode::FileBusy) + 1);

}  // namespace

std::string_view name(ErrorCode code) {
  return std::ranges::find(kNames, code, &CodeName::code)->name;
}

std::optional<ErrorCode> code_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &CodeName::name);
  if (found == kNames.end()) return std::nullopt;
  return found->code;
}

Error::Error(ErrorCode code, const std::string& sentence, std::string action)
    : std::runtime_error(sentence), code_(code), action_(std::move(action)) {}

std::string Error::line() const {
  return action_.empty() ? std::string(what()) : std::string(what()) + " " + action_;
}

}  // namespace holdfast
