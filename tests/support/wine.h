#pragma once

namespace holdfast {

// Wine admits what Windows refuses: a test of such a refusal is skipped there, never passed.
bool runs_under_wine();

}  // namespace holdfast
