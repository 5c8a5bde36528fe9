#include "service/platform/cloud_files.h"

namespace holdfast {

CloudProviderFacts::Status provider_status(std::uint32_t flags) {
  using Status = CloudProviderFacts::Status;
  constexpr std::uint32_t kDisconnected = 0;
  constexpr std::uint32_t kIdle = 1;
  constexpr std::uint32_t kConnectivityLost = 0x40;
  constexpr std::uint32_t kFailure = 0xC0000000;
  constexpr std::uint32_t kTerminated = 0xC0000001;
  if (flags == kTerminated) return Status::Terminated;
  if ((flags & kFailure) == kFailure) return Status::Error;
  if ((flags & kConnectivityLost) != 0) return Status::ConnectivityLost;
  if (flags == kDisconnected) return Status::Disconnected;
  return flags == kIdle ? Status::Idle : Status::Busy;
}

}  // namespace holdfast
