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
  CHECK(text_of(EventId::BackupVerified, {L"EMR", L"D:\\a.zip", L"1 MB"}) ==
        "EMR was backed up and verified: D:\\a.zip (1 MB).\r\n");
  CHECK(text_of(EventId::BackupUnchanged, {L"EMR"}) ==
        "EMR has not changed since its last backup.\r\n");
  CHECK(text_of(EventId::CountsAccepted, {L"EMR", L"S-1-5-21-1"}) ==
        "The numbers that fell in EMR were accepted as right, by S-1-5-21-1.\r\n");
  CHECK(text_of(EventId::ArchiveDeleted, {L"EMR", L"a.zip", L"S-1-5-21-1"}) ==
        "A backup of EMR was deleted by hand: a.zip, by S-1-5-21-1.\r\n");
  CHECK(text_of(EventId::RetentionGoesOn, {L"EMR"}) ==
        "Old backups of EMR are deleted again as configured.\r\n");
  CHECK(text_of(EventId::Recorded, {}) == "The record of backups can be written again.\r\n");
  CHECK(text_of(EventId::ConfigurationTaken, {}) ==
        "The configuration has no fault any more, and was taken.\r\n");
  CHECK(text_of(EventId::NotRecorded, {L"Why."}) ==
        "Backups go on, but what happens cannot be recorded. Why.\r\n");
  CHECK(text_of(EventId::PartLeftOut, {L"Left out: policy: x: Why."}) ==
        "A part of the configuration does not hold. Left out: policy: x: Why.\r\n");
  CHECK(text_of(EventId::RequestRefused, {L"S-1-5-21-1", L"config.reload", L"Why."}) ==
        "S-1-5-21-1 asked for \"config.reload\" and was refused. Why.\r\n");
  CHECK(text_of(EventId::Stale, {L"EMR", L"Last backup 3 days ago."}) ==
        "EMR has no fresh backup. Last backup 3 days ago.\r\n");
  CHECK(text_of(EventId::ConflictCopy, {L"EMR", L"a-2.zip", L"a.zip"}) ==
        "OneDrive made a copy of a backup of EMR that is not the same as the backup: a-2.zip, of "
        "a.zip.\r\n");
  CHECK(text_of(EventId::RetentionHeldBack, {L"EMR", L"the database was found damaged"}) ==
        "No old backup of EMR is deleted for now, because the database was found damaged.\r\n");
  CHECK(text_of(EventId::BackupFailed, {L"EMR", L"Why."}) ==
        "EMR could not be backed up. Why.\r\n");
  CHECK(text_of(EventId::DatabaseDamaged, {L"EMR", L"Why."}) ==
        "The database of EMR is damaged. Why.\r\n");
  CHECK(text_of(EventId::DestinationNotReachable, {L"EMR", L"Why."}) ==
        "EMR could not be backed up, because the destination cannot be reached. Why.\r\n");
  CHECK(text_of(EventId::DiskFull, {L"EMR", L"Why."}) ==
        "EMR could not be backed up, because the disk is full. Why.\r\n");
  CHECK(text_of(EventId::CountsDropped, {L"EMR", L"Data may be lost: patients fell."}) ==
        "EMR: Data may be lost: patients fell.\r\n");
  CHECK(text_of(EventId::ConfigurationRejected, {L"config.json:3: Why."}) ==
        "The configuration was not taken: config.json:3: Why.\r\n");
}

TEST_CASE("The thousand of an event's number is its severity") {
  using enum EventId;
  for (const EventId id : {Started, Stopped, BackupVerified, BackupUnchanged, CountsAccepted}) {
    CHECK(message_identifier(id) >> 30 == 1);
  }
  for (const EventId id : {Stale, ConflictCopy, RetentionHeldBack, ConfigurationMended}) {
    CHECK(message_identifier(id) >> 30 == 2);
  }
  for (const EventId id : {NotStarted, BackupFailed, DatabaseDamaged, DestinationNotReachable,
                           DiskFull, CountsDropped, ConfigurationRejected}) {
    CHECK(message_identifier(id) >> 30 == 3);
  }
  CHECK((message_identifier(EventId::ConfigurationMended) & 0xFFFF) == 2140);
}

}  // namespace
}  // namespace holdfast
