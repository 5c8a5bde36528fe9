#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace holdfast {

// As long as a slow line may take to bring the next piece.
inline constexpr std::chrono::minutes kFetchPatience{2};
// The service looks through the folder before it believes that what was fetched is there: so often
// it is asked again for what it refused until then.
inline constexpr std::chrono::milliseconds kAskAgainAfterFetch{500};
inline constexpr int kMostQuestionsAfterFetch = 60;

using OnFetched = std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)>;

// Reads a file whole, so that a cloud program which has it in the cloud only brings it onto this
// disk. That is for a program in its user's session: services are refused. Nothing is kept of what
// was read. `on_progress` is called on the calling thread.
//
// Throws Error: TimedOut when nothing more came for as long as `patience`, Cancelled, NotFound,
// SystemCallFailed. A read that hangs in the system is left behind on a thread of its own.
void fetch_file(const std::filesystem::path& file, const OnFetched& on_progress,
                std::chrono::milliseconds patience, const std::stop_token& stop);

}  // namespace holdfast
