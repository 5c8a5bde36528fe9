#pragma once

namespace holdfast {

// What scripts and monitoring branch on; told by each command's help, so the numbers stay.
enum class ExitCode : int {
  Success = 0,
  Attention = 1,  // status: something waits for attention; config check: cannot back up now
  AtRisk = 2,     // status: data is not protected
  ServiceNotReachable = 3,
  Usage = 64,
  Failed = 70,
  Detached = 130,  // Ctrl+C ended the wait for a backup that goes on in the service
};

}  // namespace holdfast
