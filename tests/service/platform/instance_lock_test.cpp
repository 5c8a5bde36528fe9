#include "service/platform/instance_lock.h"

#include <optional>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("A second instance is told that one is running, until that one has ended") {
  const TemporaryFolder folder;
  std::optional<InstanceLock> first(folder.path());
  try {
    const InstanceLock second(folder.path());
    FAIL("two instances at once");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::AlreadyRunning);
  }
  first.reset();
  CHECK_NOTHROW(InstanceLock(folder.path()));
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace holdfast
