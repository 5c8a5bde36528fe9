#include <windows.h>

#include <string>
#include <string_view>

#include "common/error.h"
#include "common/path_text.h"
#include "common/unique_handle.h"
#include "service/platform/opened_path.h"
#include "service/platform/path_limits.h"
#include "service/platform/system_path.h"

namespace holdfast {
namespace {

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

// "C:\folder" and "\\server\share\folder", in one way.
std::wstring plain(std::wstring text) {
  constexpr std::wstring_view kUnc = L"\\\\?\\UNC\\";
  constexpr std::wstring_view kLong = L"\\\\?\\";
  if (text.starts_with(kUnc)) {
    text.replace(0, kUnc.size(), L"\\\\");
  } else if (text.starts_with(kLong)) {
    text.erase(0, kLong.size());
  }
  while (text.ends_with(L'\\')) text.pop_back();
  return text;
}

std::wstring plain(const std::filesystem::path& path) {
  return plain(path.lexically_normal().make_preferred().wstring());
}

bool is_same(const std::wstring& one, const std::wstring& other) {
  return ::CompareStringOrdinal(one.data(), static_cast<int>(one.size()), other.data(),
                                static_cast<int>(other.size()), TRUE) == CSTR_EQUAL;
}

// Empty where the file system cannot tell.
std::wstring final_path(HANDLE opened) {
  std::wstring text(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length = ::GetFinalPathNameByHandleW(
        opened, text.data(), static_cast<DWORD>(text.size()), FILE_NAME_NORMALIZED);
    if (length == 0) return {};
    const bool is_whole = length < text.size();
    text.resize(length);
    if (is_whole) return plain(std::move(text));
  }
}

// With the names that it was given in short, as PROGRA~1, written out.
std::wstring in_long(const std::filesystem::path& path) {
  std::wstring text(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length =
        ::GetLongPathNameW(system_path(path).c_str(), text.data(), static_cast<DWORD>(text.size()));
    if (length == 0) return plain(path);
    const bool is_whole = length < text.size();
    text.resize(length);
    if (is_whole) return plain(std::move(text));
  }
}

// Of a drive that stands for a folder or a share, what it stands for.
std::wstring without_drive(const std::filesystem::path& path, const std::wstring& text) {
  const FileHandle root(::CreateFileW(system_path(path.root_path()).c_str(), FILE_READ_ATTRIBUTES,
                                      kShareAll, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
                                      nullptr));
  const std::wstring drive = root ? final_path(root.get()) : std::wstring();
  const std::wstring named = plain(path.root_path());
  return drive.empty() || !text.starts_with(named) ? text : drive + text.substr(named.size());
}

bool is_on_server(std::wstring_view text) {
  return text.starts_with(L"\\\\");
}

bool has_link(const std::filesystem::path& path) {
  std::filesystem::path at = path.root_path();
  for (const std::filesystem::path& part : path.relative_path()) {
    at /= part;
    if (is_link(at)) return true;
  }
  return false;
}

bool leads_there(const std::wstring& final, const std::filesystem::path& path) {
  if (final.empty()) return !has_link(path);
  if (is_same(final, plain(path))) return true;
  const std::wstring written_out = in_long(path);
  if (is_same(final, written_out)) return true;
  const std::wstring resolved = without_drive(path, written_out);
  // Links on a server are followed there, and lead to nothing of this computer. A server may have
  // several names.
  return is_same(final, resolved) || (is_on_server(final) && is_on_server(resolved));
}

bool has_further_names(HANDLE opened) {
  BY_HANDLE_FILE_INFORMATION facts{};
  return ::GetFileInformationByHandle(opened, &facts) && facts.nNumberOfLinks > 1 &&
         (facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

}  // namespace

bool is_link(const std::filesystem::path& path) {
  const FileHandle itself(::CreateFileW(
      system_path(path).c_str(), FILE_READ_ATTRIBUTES, kShareAll, nullptr, OPEN_EXISTING,
      FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  FILE_ATTRIBUTE_TAG_INFO facts{};
  return itself &&
         ::GetFileInformationByHandleEx(itself.get(), FileAttributeTagInfo, &facts,
                                        sizeof(facts)) &&
         (facts.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
         IsReparseTagNameSurrogate(facts.ReparseTag);
}

bool is_what_it_names(HANDLE opened, const std::filesystem::path& path, FurtherNames further) {
  const PathLimits* const limits = path_limits();
  if (limits == nullptr) return true;
  const std::wstring final = final_path(opened);
  if (is_of_a_user(final.empty() ? path : std::filesystem::path(final), *limits)) return false;
  if (further == FurtherNames::Refused && has_further_names(opened)) return false;
  return leads_there(final, path);
}

void check_opened(HANDLE opened, const std::filesystem::path& path, FurtherNames further) {
  if (is_what_it_names(opened, path, further)) return;
  check_path(path);
  throw Error(ErrorCode::AccessDenied,
              "The service does not open " + path_text(path) +
                  ": it leads elsewhere, or is a file with further names (hard links).",
              "Find out who made the link, and remove it.");
}

FileHandle open_folder(const std::filesystem::path& folder) {
  FileHandle opened(::CreateFileW(system_path(folder).c_str(), FILE_TRAVERSE | FILE_READ_ATTRIBUTES,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                                  FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  if (opened) check_opened(opened.get(), folder);
  return opened;
}

}  // namespace holdfast
