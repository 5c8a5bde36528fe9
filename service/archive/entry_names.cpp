#include "service/archive/entry_names.h"

#include <functional>
#include <set>
#include <string_view>

#include "common/path_text.h"
#include "service/archive/entry_name.h"
#include "service/archive/manifest.h"

namespace holdfast {

std::optional<EntryNamesFault> entry_names_fault(const std::vector<std::string>& names) {
  std::set<std::string, std::less<>> folded{folded_name(kManifestName)};
  for (const std::string& name : names) {
    if (const auto fault = entry_name_fault(name))
      return EntryNamesFault{name, std::string(*fault)};
    if (is_in_stage(name)) return EntryNamesFault{name, "is one that a restore keeps for itself"};
    if (!folded.insert(folded_name(name)).second)
      return EntryNamesFault{name, "is there twice as Windows takes names"};
  }
  for (const std::string& name : names) {
    const std::string_view whole = name;
    for (std::size_t slash = whole.find('/'); slash != std::string_view::npos;
         slash = whole.find('/', slash + 1)) {
      if (!folded.contains(folded_name(whole.substr(0, slash)))) continue;
      return EntryNamesFault{name, "has a folder that is a file as well"};
    }
  }
  return std::nullopt;
}

std::string spelling(const std::filesystem::path& name, LetterCase letter_case) {
  const std::string text = path_text(name);
  return letter_case == LetterCase::Ignored ? folded_name(text) : text;
}

}  // namespace holdfast
