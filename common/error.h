#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace holdfast {

// What a caller may branch on. The names of the codes are part of the protocol and stand in
// scripts: they are never renamed and never reused.
enum class ErrorCode {
  Internal,
  Usage,
  LineTooLong,
  NotUtf8,
  NotJson,
  TooDeep,
  NotJsonRpc,
  UnknownMethod,
  BadParameters,
  HelloFirst,
  HelloLate,
  ProtocolUnsupported,
  TooManyConnections,
  TooManyRequests,
  AlreadyRunning,
  AccessDenied,
  ServiceUnreachable,
  ServiceRefused,
  ServiceUntrusted,
  TimedOut,
  OutputFailed,
  SystemCallFailed,
  NotFound,
  AlreadyExists,
  DiskFull,
  Cancelled,
  SourceChanged,
  NotADatabase,
  DatabaseEmpty,
  DatabaseBusy,
  DatabaseDamaged,
  CountFailed,
  QueryFailed,
  ArchiveInvalid,
  ArchiveDamaged,
  ArchiveTooNew,
  ArchiveNeeded,
  ConfigFaulty,
  ArchiveForeign,
  RestoreFailed,
  ArchiveInCloud,
  FileBusy,
};

// The code's stable name, "line_too_long".
std::string_view name(ErrorCode code);
// The code of that name, if there is one.
std::optional<ErrorCode> code_named(std::string_view name);

// A failure that a person may meet: `what()` says what was attempted, on what, and why it failed;
// `action()` says what to do about it.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence, std::string action);

  ErrorCode code() const { return code_; }
  const std::string& action() const { return action_; }
  // Sentence and action as one line.
  std::string line() const;

 private:
  ErrorCode code_;
  std::string action_;
};

}  // namespace holdfast
