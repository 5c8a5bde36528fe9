#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast {

// What administrators watch for in the Event Log. The number of an event and the order of its
// strings never change meaning; the texts stand in installer/events.mc.
enum class EventId : std::uint32_t {
  Started = 1000,                  // version, mode
  Stopped = 1001,                  // reason
  BackupVerified = 1100,           // dataset, archive, size
  BackupUnchanged = 1101,          // dataset
  CountsAccepted = 1102,           // dataset, by whom
  ArchiveDeleted = 1103,           // dataset, archive, by whom
  RestoreFinished = 1110,          // dataset, archive, by whom, where what was there before is
  UndoFinished = 1111,             // dataset, archive, by whom, where what was there before is
  DrillPassed = 1120,              // dataset, archive
  Uploaded = 1130,                 // dataset, archive
  RetentionGoesOn = 1131,          // dataset
  Recorded = 1150,                 // none
  ConfigurationTaken = 1200,       // none
  Stale = 2100,                    // dataset, headline
  ConflictCopy = 2120,             // dataset, copy, archive
  WaitingTooLong = 2110,           // dataset, headline
  RetentionHeldBack = 2130,        // dataset, reason
  ConfigurationMended = 2140,      // what was put right
  RestoreRecovered = 2145,         // dataset, what became of it
  NotRecorded = 2150,              // why, with what to do
  PartLeftOut = 2200,              // what is wrong with it, with what to do
  NotStarted = 3000,               // reason, with what to do
  BackupFailed = 3100,             // dataset, why, with what to do
  DatabaseDamaged = 3101,          // dataset, why, with what to do
  DestinationNotReachable = 3102,  // dataset, why, with what to do
  DiskFull = 3103,                 // dataset, why, with what to do
  CountsDropped = 3104,            // dataset, what fell
  RestoreFailed = 3110,            // dataset, archive, why, with what to do
  DrillFailed = 3120,              // dataset, archive, why, with what to do
  ConfigurationRejected = 3200,    // what is wrong with it
  SetupFailed = 3210,              // why, with what to do
  RequestRefused = 3300,           // by whom, method, why
};

struct Event {
  EventId id;
  std::vector<std::string> strings;
  std::string dataset;  // the key of the one that it is about; empty when it is about none
  std::string owner;    // of what is about none: the SID of who alone is told beside
                        // administrators; empty for everybody
};

class EventLog {
 public:
  EventLog() = default;
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;
  virtual ~EventLog() = default;

  // From any thread. An event that cannot be written is logged and never stops the work it tells
  // of.
  virtual void report(const Event& event) noexcept = 0;
};

}  // namespace holdfast
