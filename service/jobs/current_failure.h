#pragma once

#include "common/error.h"

namespace holdfast {

// The failure that is being handled, as the one kind that people can read. Only called in a
// handler.
Error current_failure();

}  // namespace holdfast
