#include "tray/program_answer.h"

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/text.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = 1000;

Error not_understood(const std::string& output) {
  const std::string said = one_line(output, kMaxBytes);
  return {ErrorCode::OutputFailed,
          said.empty() ? "holdfast.exe ended without an answer."
                       : "holdfast.exe gave an answer that is none: " + said,
          "Try again; if it stays so, install Holdfast again."};
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string()
             ? one_line(found->get<std::string>(), kMaxBytes)
             : std::string();
}

}  // namespace

json program_answer(const std::string& output) {
  json answer = json::parse(output, nullptr, false);
  if (!answer.is_structured()) throw not_understood(output);
  if (!answer.contains("error")) return answer;
  const json& error = answer.at("error");
  const std::string sentence = text(error, "message");
  if (sentence.empty()) throw not_understood(output);
  throw Error(code_named(text(error, "code")).value_or(ErrorCode::OutputFailed), sentence,
              text(error, "action"));
}

std::string exported_copy(const std::string& output) {
  const json answer = program_answer(output);
  if (!answer.is_array() || answer.empty()) throw not_understood(output);
  if (std::string copy = text(answer.front(), "copy"); !copy.empty()) return copy;
  const std::string fault = text(answer.front(), "fault");
  if (fault.empty()) throw not_understood(output);
  throw Error(ErrorCode::OutputFailed, fault, "");
}

}  // namespace holdfast
