#include "service/jobs/current_failure.h"

#include <exception>
#include <string>

namespace holdfast {

Error current_failure() {
  try {
    throw;
  } catch (const Error& failure) {
    return failure;
  } catch (const std::exception& surprise) {
    return {ErrorCode::Internal, std::string("An unexpected failure: ") + surprise.what(),
            "See the service's log."};
  }
}

}  // namespace holdfast
