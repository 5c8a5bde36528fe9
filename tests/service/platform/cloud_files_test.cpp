#include "service/platform/cloud_files.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using Status = CloudProviderFacts::Status;

TEST_CASE("A cloud program's status is told by the system's flags") {
  struct Row {
    std::uint32_t flags;
    Status status;
  };
  for (const Row& row :
       {Row{0, Status::Disconnected}, Row{1, Status::Idle}, Row{0x08, Status::Busy},
        Row{0x11, Status::Busy}, Row{0x20, Status::Busy}, Row{0x40, Status::ConnectivityLost},
        Row{0x41, Status::ConnectivityLost}, Row{0xC0000001, Status::Terminated},
        Row{0xC0000002, Status::Error}, Row{0xC0000003, Status::Error}}) {
    CAPTURE(row.flags);
    CHECK(provider_status(row.flags) == row.status);
  }
}

}  // namespace
}  // namespace holdfast
