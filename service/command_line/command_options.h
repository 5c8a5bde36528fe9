#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "service/command_line/command.h"
#include "service/command_line/progress_line.h"

namespace holdfast {

// What commands ask of the options they were given. A missing one is an Error(Usage).
const std::vector<std::string>& operands(const boost::program_options::variables_map& options,
                                         const char* name, const char* what);
// Exactly one.
const std::string& operand(const boost::program_options::variables_map& options, const char* name,
                           const char* what);
// At most one.
std::optional<std::string> optional_operand(const boost::program_options::variables_map& options,
                                            const char* name, const char* what);
const std::string& required(const boost::program_options::variables_map& options, const char* name);

// What --count NAME=SQL says, as often as it stands there.
std::map<std::string, std::string> count_options(
    const boost::program_options::variables_map& options);

// The option --json, which every command that tells anything has.
void add_json_option(boost::program_options::options_description& options);
// Whether progress is shown: to somebody who watches, and not to a program that reads JSON.
ProgressLine::Watched watched(const boost::program_options::variables_map& options,
                              const Output& output);

// What --json prints: indented, with a line feed. Never fails: a file's name that is no UTF-8 gets
// U+FFFD in it.
std::string json_text(const nlohmann::json& json);
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace holdfast
