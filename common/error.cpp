#include "common/error.h"

#include <utility>

namespace holdfast {

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::Internal: return "internal";
    case ErrorCode::Usage: return "usage";
    case ErrorCode::LineTooLong: return "line_too_long";
    case ErrorCode::NotUtf8: return "not_utf8";
    case ErrorCode::NotJson: return "not_json";
    case ErrorCode::TooDeep: return "too_deep";
    case ErrorCode::NotJsonRpc: return "not_json_rpc";
    case ErrorCode::UnknownMethod: return "unknown_method";
    case ErrorCode::BadParameters: return "bad_parameters";
    case ErrorCode::HelloFirst: return "hello_first";
    case ErrorCode::HelloLate: return "hello_late";
    case ErrorCode::ProtocolUnsupported: return "protocol_unsupported";
    case ErrorCode::TooManyConnections: return "too_many_connections";
    case ErrorCode::AlreadyRunning: return "already_running";
    case ErrorCode::AccessDenied: return "access_denied";
    case ErrorCode::ServiceUnreachable: return "service_unreachable";
    case ErrorCode::ServiceRefused: return "service_refused";
    case ErrorCode::ServiceUntrusted: return "service_untrusted";
    case ErrorCode::TimedOut: return "timed_out";
    case ErrorCode::OutputFailed: return "output_failed";
    case ErrorCode::SystemCallFailed: return "system_call_failed";
    case ErrorCode::NotFound: return "not_found";
    case ErrorCode::AlreadyExists: return "already_exists";
    case ErrorCode::DiskFull: return "disk_full";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::SourceChanged: return "source_changed";
    case ErrorCode::NotADatabase: return "not_a_database";
    case ErrorCode::DatabaseEmpty: return "database_empty";
    case ErrorCode::DatabaseBusy: return "database_busy";
    case ErrorCode::DatabaseDamaged: return "database_damaged";
    case ErrorCode::CountFailed: return "count_failed";
    case ErrorCode::QueryFailed: return "query_failed";
    case ErrorCode::ArchiveInvalid: return "archive_invalid";
    case ErrorCode::ArchiveDamaged: return "archive_damaged";
    case ErrorCode::ArchiveTooNew: return "archive_too_new";
  }
  return "internal";
}

Error::Error(ErrorCode code, const std::string& sentence, std::string action)
    : std::runtime_error(sentence), code_(code), action_(std::move(action)) {}

std::string Error::line() const {
  return action_.empty() ? std::string(what()) : std::string(what()) + " " + action_;
}

}  // namespace holdfast
