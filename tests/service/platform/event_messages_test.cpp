#include <windows.h>

#include <catch2/catch_test_macros.hpp>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "service/platform/windows_event_log.h"

namespace holdfast {
namespace {

std::string text_of(EventId id, std::vector<std::wstring> strings) {
  std::vector<DWORD_PTR> arguments;
  for (const std::wstring& text : strings) {
    arguments.push_back(reinterpret_cast<DWORD_PTR>(text.c_str()));
  }
  wchar_t* allocated = nullptr;
  const DWORD length = ::FormatMessageW(
      FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY,
      nullptr, message_identifier(id), 0, reinterpret_cast<wchar_t*>(&allocated), 0,
      reinterpret_cast<va_list*>(arguments.data()));
  const LocalMemory owner(allocated);
  return to_utf8(std::wstring_view(allocated, length));
}

TEST_CASE("Each event's text is found in the message table and takes its strings in order") {
  CHECK(text_of(EventId::Started, {L"1.2.3", L"service"}) ==
        "Holdfast 1.2.3 started (service).\r\n");
  CHECK(text_of(EventId::Stopped, {L"as requested"}) == "Holdfast stopped (as requested).\r\n");
  CHECK(text_of(EventId::ConfigurationMended, {L"delayed start"}) ==
        "Something that protects Holdfast had been changed and was put right: delayed start.\r\n");
  CHECK(text_of(EventId::NotStarted, {L"It is already running."}) ==
        "Holdfast could not run: It is already running.\r\n");
}

TEST_CASE("The thousand of an event's number is its severity") {
  CHECK(message_identifier(EventId::Started) >> 30 == 1);
  CHECK(message_identifier(EventId::ConfigurationMended) >> 30 == 2);
  CHECK(message_identifier(EventId::NotStarted) >> 30 == 3);
  CHECK((message_identifier(EventId::ConfigurationMended) & 0xFFFF) == 2140);
}

}  // namespace
}  // namespace holdfast
