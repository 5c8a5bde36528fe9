#pragma once

namespace holdfast {

// A configuration with every key there is.
constexpr const char* kExampleConfig = R"(// The clinic
{
  "$schema": "./holdfast.schema.json",
  "version": 1,
  "datasets": [
    { /* one of each user */
      "id": "docassist-emr",
      "title": "DocAssist EMR",
      "enabled": false,
      "database": "{localappdata}\\DocAssist\\data\\clinic.db",
      "include": ["chroma/**", "settings.json"],
      "destination": {"onedrive": "Apps\\DocAssist\\Backups", "account": "business1"},
      "schedule": {"daily": "18:30"},
      "triggers": ["startup", "sign-out", "shutdown", {"app_starts": "DocAssist.exe"},
                   {"app_closes": "DocAssist.exe"},
                   {"query_changes": "SELECT max(id) FROM visits"}],
      "keep": {"last": 20, "daily": 7, "weekly": 4, "monthly": 12, "safety": 3},
      "counts": {"patients": "SELECT count(*) FROM patients",
                 "study records": "WITH x AS (SELECT 1) SELECT count(*) FROM x"},
      "stale_after": "48h", "waiting_limit": "90m", "alarm_on_drop": "5%",
      "drill_every": "never", "retries": 5, "notify": "all"
    },
    {
      "id": "shared", "database": "C:\\Clinic\\clinic.db",
      "destination": {"folder": "E:\\Backups"},
      "schedule": {"every": "90s"}, "drill_every": "30d", "notify": "never"
    }
  ]
}
)";

}  // namespace holdfast
