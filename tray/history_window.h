#pragma once

#include <windows.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tray/archive_export.h"
#include "tray/history_list.h"
#include "tray/history_reader.h"
#include "tray/inbox.h"
#include "tray/run_view.h"
#include "tray/service_calls.h"
#include "tray/service_state.h"
#include "tray/top_level_window.h"

namespace holdfast {

// The archives and runs of a dataset, and what can be done with them. Its place and size are
// remembered. Used by the window's thread only.
class HistoryWindow final : public TopLevelWindow {
 public:
  // Opens the restore of an archive.
  using Restore = std::function<void(const std::string& dataset, const std::string& archive)>;
  // What the history is opened for: to look at it, or to choose what is to be restored.
  enum class Purpose { Look, Restore };

  HistoryWindow(ServiceCalls& calls, Restore restore);
  HistoryWindow(const HistoryWindow&) = delete;
  HistoryWindow& operator=(const HistoryWindow&) = delete;
  ~HistoryWindow() override;

  // Of the dataset that was shown last, or the first, where none is named.
  void show(const ServiceState& state, const std::string& dataset, Purpose purpose);
  void follow(const ServiceState& state);
  // Of any dataset's run.
  void follow(const RunView& run);
  // Something happened to the archives of a dataset.
  void refresh(const std::string& dataset);

 private:
  void make_controls() override;
  void lay_out(SIZE client) override;
  void on_command(int id, int event) override;
  LRESULT on_notify(const NMHDR& header) override;
  LRESULT on_message(UINT message) override;
  void on_scale_changed() override;
  void on_colours_changed() override;
  void on_closed() override;
  int default_button() const override;

  int lay_out_buttons(const RECT& area) const;
  void open_window();
  void show_datasets();
  void choose_dataset();
  bool has_choice() const;
  void use_dataset(const std::string& dataset);
  void read();
  void take_rows(std::vector<HistoryRow> rows);
  void select_first();
  void show_state();
  void show_selection();
  void show_progress();
  void say(const std::string& words);
  // What this window did beside runs has come to its end.
  void end_work(const std::string& words);
  void back_up();
  void cancel();
  void verify();
  void delete_archive();
  void export_archive();
  void take_exported();
  void restore();
  void open_folder();
  void take_folder_failures();
  void ask(std::string_view method, nlohmann::json params, const std::string& headline,
           std::function<void(const nlohmann::json&)> then);
  // Asks for what this window does until it is answered; `working_on` are the words for that.
  void work(std::string_view method, nlohmann::json params, const std::string& working_on,
            const std::string& headline, std::function<void(const nlohmann::json&)> then);
  const DatasetStatus* dataset_status() const;
  bool can_ask() const;

  ServiceCalls& calls_;
  Restore restore_;
  HistoryReader reader_;
  HistoryList list_;
  ServiceState state_;
  std::string titles_;  // of the datasets, as the chooser has them
  std::string dataset_;
  Purpose purpose_ = Purpose::Look;
  bool is_read_again_ = false;  // something changed while it was being read
  bool has_rows_ = false;       // of this dataset
  std::optional<RunView> run_;  // of this dataset, that is under way
  std::string working_on_;      // what this window does beside runs; words
  std::string words_;           // what came of the last thing that was done here
  bool is_exporting_ = false;
  std::atomic<HWND> told_at_ = nullptr;  // where the export's thread tells its end
  Inbox<ArchiveExport::Outcome> exported_;
  ArchiveExport export_;
  std::shared_ptr<Inbox<std::string>> folder_failures_ = std::make_shared<Inbox<std::string>>();
};

}  // namespace holdfast
