#pragma once

#include <functional>
#include <vector>

#include "tray/dialog_window.h"
#include "tray/settings_view.h"

namespace holdfast {

// The settings of all datasets that the user sees, one at a time. What was chosen for one is kept
// while others are looked at; OK and Apply have the service change what is different. Used by the
// window's thread only.
class SettingsDialog final : public DialogWindow {
 public:
  // `add_another` opens the set-up.
  SettingsDialog(AskService ask, std::function<void()> add_another);

  // There may be another dataset, or the service is back. What was chosen and not saved yet stays.
  void refresh();

 private:
  enum class WhenSaved { Stay, Close };

  void on_open() override;
  void on_command(int control, int event) override;
  void on_back_up() override;
  void on_message(UINT message, LPARAM told) override;
  void fail(const Error& failure) override;
  bool tells_fault(int control) const override;

  void load();
  // One of the answers that are awaited; that of an earlier load is left alone.
  std::function<void(const nlohmann::json&)> part_of_load(
      std::function<void(const nlohmann::json&)> take);
  void take_all();

  DatasetSettings* selected();
  void show_selected();
  void enable_fields();
  void take_fields();
  void browse_folder();
  void save(WhenSaved when);
  void save_next();
  void saved();

  std::function<void()> add_another_;
  SettingsAnswers answers_;
  int awaited_ = 0;
  int load_ = 0;                // that is under way, or was the last
  bool is_load_stale_ = false;  // something changed while it was under way
  std::vector<DatasetSettings> datasets_;
  std::vector<CloudRootChoice> roots_;
  std::size_t selected_ = 0;
  bool is_filling_ = false;
  std::vector<std::size_t> to_save_;
  WhenSaved when_saved_ = WhenSaved::Stay;
};

}  // namespace holdfast
