#pragma once

#include <nlohmann/json_fwd.hpp>

#include "service/restore/restore_preview.h"

namespace holdfast {

// What is told of a preview, to programs and, by way of a report, to people.
nlohmann::json preview_json(const RestoreSource& source, const RestorePreview& preview);

}  // namespace holdfast
