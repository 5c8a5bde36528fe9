#include "tray/known_applications.h"

namespace holdfast {
namespace {

using nlohmann::json;

// With what the samples have for both.
json settings(json own) {
  own["keep"] = {{"last", 10}, {"daily", 7}, {"weekly", 4}, {"monthly", 12}, {"safety", 5}};
  own["alarm_on_drop"] = "20%";
  own["stale_after"] = "24h";
  own["waiting_limit"] = "24h";
  own["drill_every"] = "7d";
  own["retries"] = 3;
  own["notify"] = "failures";
  return own;
}

}  // namespace

const std::vector<KnownApplication>& known_applications() {
  static const std::vector<KnownApplication> applications{
      {.id = "docassist-emr",
       .title = "DocAssist EMR",
       .databases = {R"({localappdata}\DocAssist\data\clinic.db)"},
       .settings = settings(
           {{"include", {"chroma/**", "prescriptions/**", "settings.json"}},
            {"triggers", {"startup", "sign-out", "shutdown", {{"app_closes", "DocAssist.exe"}}}},
            {"counts",
             {{"patients", "SELECT count(*) FROM patients"},
              {"visits", "SELECT count(*) FROM visits"}}}}),
       .onedrive_folder = R"(Apps\DocAssist\Backups)"},
      {.id = "rvu-counter",
       .title = "RVU Counter",
       .databases = {R"({profile}\Desktop\RVU Counter\data\rvu_records.db)",
                     R"({documents}\RVU Counter\data\rvu_records.db)",
                     R"({localappdata}\RVU Counter\data\rvu_records.db)"},
       .settings = settings(
           {{"include", json::array()},
            {"triggers",
             {"startup",
              "shutdown",
              {{"query_changes", "SELECT count(*) FROM shifts WHERE shift_end IS NOT NULL"}},
              {{"app_closes", "RVU Counter.exe"}}}},
            {"counts",
             {{"shifts", "SELECT count(*) FROM shifts"},
              {"study records", "SELECT count(*) FROM records"}}}}),
       .onedrive_folder = R"(Apps\RVU Counter\Backups)"}};
  return applications;
}

}  // namespace holdfast
