#pragma once

#include <windows.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tray/preview_reader.h"
#include "tray/restore_view.h"
#include "tray/run_view.h"
#include "tray/service_calls.h"
#include "tray/top_level_window.h"

namespace holdfast {

// Restores one archive: first the comparison with what is there and the warning, then how the
// restore comes along, then what came of it and the way back. Cancel is the default throughout.
// Once begun, the restore goes on whatever becomes of the window. Used by the window's thread only.
class RestoreWindow final : public TopLevelWindow {
 public:
  explicit RestoreWindow(ServiceCalls& calls);
  RestoreWindow(const RestoreWindow&) = delete;
  RestoreWindow& operator=(const RestoreWindow&) = delete;
  ~RestoreWindow() override;

  // One at a time: while a restore is under way, its window comes forward instead.
  void show(const std::string& dataset, const std::string& title, const std::string& archive);
  void follow(const RunView& run);
  // Whether it tells of this dataset's restores by itself.
  bool tells_of(const std::string& dataset) const { return is_open() && dataset == dataset_; }

 private:
  enum class Stage { Looking, Fetching, Asking, Refused, Running, Ended };

  void make_controls() override;
  void lay_out(SIZE client) override;
  void on_command(int id, int event) override;
  LRESULT on_message(UINT message) override;
  void on_timer() override { reader_.ask_again(); }
  void on_scale_changed() override;
  void on_close() override;
  void on_closed() override;
  int default_button() const override;

  void look();
  void show_fetch(const std::string& words, std::optional<int> percent);
  void take_preview(const nlohmann::json& preview);
  void begin(RestoreKind kind);
  void wait_for_end();
  void cancel();
  void back_up();
  void end(RestoreEndView view);
  void refuse(const Error& failure);
  void show_stage();
  void show_rows();
  std::string notes() const;

  ServiceCalls& calls_;
  PreviewReader reader_;
  std::string dataset_;
  std::string title_;
  std::string archive_;
  Stage stage_ = Stage::Looking;
  RestoreKind kind_ = RestoreKind::Restore;
  RestorePreviewView preview_;
  std::vector<ComparisonRow> shown_rows_;
  std::optional<std::int64_t> run_;
  RunView progress_;
  RestoreEndView end_;
  std::string backup_words_;  // what came of Ctrl+B
  bool is_cancel_asked_ = false;
  bool needs_administrator_ = false;
};

}  // namespace holdfast
