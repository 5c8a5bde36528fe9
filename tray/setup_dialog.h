#pragma once

#include <windows.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tray/dialog_resource.h"
#include "tray/dialog_window.h"
#include "tray/wizard_view.h"

namespace holdfast {

// The set-up: which database, where to, how often; then the dataset is added, and its first backup
// made and told. Used by the window's thread only, and does not wait for a disk.
class SetupDialog final : public DialogWindow {
 public:
  enum class Result { Done, Skipped, Closed };

  // `on_result` is called when the dialog is gone.
  SetupDialog(AskService ask, std::function<void(Result)> on_result)
      : DialogWindow(DIALOG_SETUP, std::move(ask)), on_result_(std::move(on_result)) {}

 private:
  enum class Stage { Choosing, Adding, BackingUp, Ended };

  void on_open() override;
  void on_command(int control, int event) override;
  void fail(const Error& failure) override;
  bool tells_fault(int control) const override;
  void on_timer() override { look_at_backup(); }
  void on_message(UINT message, LPARAM told) override;
  void on_end(int result) override;

  void look_for_databases();
  void take_found(const std::vector<DatabaseChoice>& found);
  void show_places();
  void show_usual_folder();
  void browse_database();
  void browse_folder();
  ChosenSettings chosen() const;
  const DatabaseChoice* database() const;

  void add();
  void back_up(const std::string& dataset);
  void look_at_backup();
  void take_backup(const nlohmann::json& report);
  void show_stage();

  std::function<void(Result)> on_result_;
  Stage stage_ = Stage::Choosing;
  UserFolders folders_;
  std::vector<DatabaseChoice> databases_;
  std::vector<CloudRootChoice> roots_;
  std::vector<std::string> other_ids_;
  std::string usual_folder_;  // that was proposed last, and may be replaced by another proposal
  std::uint64_t run_ = 0;
  std::string overruled_;  // what of that is not as it was asked for; a sentence
  bool is_good_ = false;
};

}  // namespace holdfast
