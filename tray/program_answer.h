#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace holdfast {

// What holdfast.exe has answered with --json. Pure. Throws Error: the one that it tells, with its
// code, sentence and action, and OutputFailed for what is no answer.
nlohmann::json program_answer(const std::string& output);

// Where "holdfast export" has put its copy of one archive. Throws Error as program_answer() does,
// and for the fault of that archive.
std::string exported_copy(const std::string& output);

}  // namespace holdfast
