#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tray/history_view.h"
#include "tray/service_calls.h"

namespace holdfast {

// Reads a dataset's archives and runs, page by page, without waiting for any. Used by the window's
// thread only.
class HistoryReader {
 public:
  struct Told {
    std::function<void(std::vector<HistoryRow>)> rows;  // of all pages
    std::function<void(const Error&)> failure;
  };

  HistoryReader(ServiceCalls& calls, Told told) : calls_(calls), told_(std::move(told)) {}
  HistoryReader(const HistoryReader&) = delete;
  HistoryReader& operator=(const HistoryReader&) = delete;
  ~HistoryReader() { calls_.forget(this); }

  // What was being read before is given up. Of the runs the newest thousands are read.
  void read(const std::string& dataset, RunsShown shown);
  bool is_reading() const { return is_reading_; }
  const std::string& dataset() const { return dataset_; }
  // What is being read is given up.
  void stop();

 private:
  void ask_for_archives(std::size_t offset);
  void ask_for_runs(std::int64_t before);
  void take(const CallOutcome& outcome, const std::function<void(const nlohmann::json&)>& use);
  void finish();

  ServiceCalls& calls_;
  Told told_;
  std::string dataset_;
  RunsShown shown_ = RunsShown::WhatMatters;
  std::vector<HistoryRow> rows_;
  std::size_t runs_ = 0;
  bool is_reading_ = false;
};

}  // namespace holdfast
