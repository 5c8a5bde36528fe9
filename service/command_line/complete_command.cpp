#include "service/command_line/complete_command.h"

#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/completion.h"
#include "service/command_line/open_connection.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 1> kShells{"powershell"};
// Somebody's fingers wait.
constexpr std::chrono::seconds kPatience{1};

// The shell passes the line on and shows what comes back; what may stand where is decided by the
// program. An empty word is told by --new-word, for Windows PowerShell drops empty arguments. The
// exit code that the user may still ask for is put back.
constexpr std::string_view kPowerShell =
    R"(# Completes what is typed behind holdfast. To have it in every session, add this line to $PROFILE:
#   holdfast completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'holdfast', 'holdfast.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $program = $commandAst.GetCommandName()
    if (-not $program) { return }
    $words = @(
        foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
            # The word at the cursor comes last, as the shell has it.
            if ($element.Extent.EndOffset -ge $cursorPosition) { break }
            if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
                $element.Value
            } else {
                $element.Extent.Text
            }
        }
    )
    $options = @()
    if ("$wordToComplete" -eq '') { $options += '--new-word' } else { $words += "$wordToComplete" }
    $exitCodeBefore = $global:LASTEXITCODE
    & $program complete @options '--' @words 2>$null | ForEach-Object {
        $word, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
    $global:LASTEXITCODE = $exitCodeBefore
}
)";

ExitCode print_script(const po::variables_map& options, Output output) {
  const std::string& shell = operand(options, "shell", "shell");
  if (shell != kShells[0]) {
    throw Error(ErrorCode::Usage, fmt::format("There is no script for \"{}\".", one_line(shell)),
                "There is one for \"powershell\".");
  }
  output.out << kPowerShell;
  return ExitCode::Success;
}

// None when the service does not answer: nobody who types wants to read why.
Texts dataset_ids() {
  Texts ids;
  try {
    const auto status =
        open_connection(kPatience)->call(method::kStatus, nlohmann::json::object(), kPatience);
    for (const DatasetStatus& dataset : status_from(status).datasets) {
      if (one_line(dataset.id) == dataset.id) ids.push_back(dataset.id);
    }
  } catch (const Error&) {
    return {};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return ids;
}

ExitCode complete(const po::variables_map& options, Output output) {
  TypedWords typed;
  if (options.contains("words")) typed.before = options["words"].as<Texts>();
  if (!options.contains("new-word") && !typed.before.empty()) {
    typed.begun = typed.before.back();
    typed.before.pop_back();
  }
  for (const auto& [word, meaning] : completions(typed, commands(), &dataset_ids)) {
    output.out << word << '\t' << meaning << '\n';
  }
  return ExitCode::Success;
}

void add_completion_options(po::options_description& options) {
  options.add_options()("shell", po::value<Texts>()->value_name("powershell"),
                        "the shell: Windows PowerShell 5.1 and PowerShell 7");
}

void add_complete_options(po::options_description& options) {
  options.add_options()("words", po::value<Texts>()->value_name("WORDS"),
                        "the words behind the program's name, up to the cursor")(
      "new-word", "the cursor stands behind a blank: the last word is whole");
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .synopsis = "completion powershell",
          .summary = "Prints the script by which a shell completes commands",
          .details =
              "The Tab key then completes commands, options, and the ids of datasets. The "
              "example does so in this session; as a line of $PROFILE, in each.",
          .example = "holdfast completion powershell | Out-String | Invoke-Expression",
          .operands = "shell",
          .first_operands = kShells,
          .add_options = &add_completion_options,
          .run = &print_script};
}

Command complete_command() {
  return {.name = "complete",
          .synopsis = "complete [--new-word] -- WORDS...",
          .summary = "Prints the words that may stand next, for the scripts of completion",
          .details = "A word in each line, with its meaning behind a tab.",
          .example = "holdfast complete -- back",
          .operands = "words",
          .add_options = &add_complete_options,
          .run = &complete,
          .listed = Command::Listed::No};
}

}  // namespace holdfast
