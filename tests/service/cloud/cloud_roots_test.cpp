#include "service/cloud/cloud_roots.h"

#include <initializer_list>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"

namespace holdfast {
namespace {

const std::string kSid = "S-1-5-21-111-222-333-1001";
const std::string kPersonal = "C:\\Users\\Ann\\OneDrive";
const std::string kBusiness = "C:\\Users\\Ann\\OneDrive - Clinic";
const std::string kLibrary = "C:\\Users\\Ann\\Clinic\\Forms";

std::string id_of(const std::string& account, const std::string& sid = kSid) {
  return fmt::format("OneDrive!{}!{}|0a1b2c", sid, account);
}

// Ann's, to whose OneDrive some of this is added.
OneDriveFacts facts_of(const OneDriveFacts& some) {
  OneDriveFacts facts = some;
  facts.sid = kSid;
  facts.is_installed = true;
  return facts;
}

bool every_folder(const std::string&) {
  return true;
}

// "account|email|folder" of each.
std::vector<std::string> texts(const std::vector<CloudRoot>& roots) {
  std::vector<std::string> texts;
  texts.reserve(roots.size());
  for (const CloudRoot& root : roots) {
    texts.push_back(fmt::format("{}|{}|{}", root.account, root.email, root.folder));
  }
  return texts;
}

std::vector<std::string> found(const OneDriveFacts& some) {
  return texts(cloud_roots(facts_of(some), every_folder));
}

using Texts = std::vector<std::string>;

TEST_CASE("The accounts to which somebody is signed in have their folders, personal first") {
  CHECK(found({.accounts = {{"Business2", "D:\\Second", "b@two.example"},
                            {"Business1", kBusiness, "ann@clinic.example"},
                            {"Personal", kPersonal, "ann@home.example"}}}) ==
        Texts{"personal|ann@home.example|" + kPersonal, "business1|ann@clinic.example|" + kBusiness,
              "business2|b@two.example|D:\\Second"});
  CHECK(found({.accounts = {{"PERSONAL", kPersonal, ""}}}) == Texts{"personal||" + kPersonal});
  CHECK(found({.accounts = {{"Personal", "", "ann@home.example"}}}).empty());
  CHECK(found({}).empty());
}

TEST_CASE("A key that is no account of OneDrive is passed over") {
  for (const char* key : {"", "Business", "Business0", "Business10", "Business1 ", "Business01",
                          "Personal1", "LastUpdate", "business1\n", "..\\Personal"}) {
    CAPTURE(key);
    CHECK(found({.accounts = {{key, kPersonal, ""}}}).empty());
  }
}

TEST_CASE("The account of a sync root is told by its id") {
  struct Row {
    std::string id;
    const char* account;  // nullptr: passed over
  };
  const Row rows[] = {
      {id_of("Personal"), "personal"},
      {id_of("Business1"), "business1"},
      {id_of("Business9"), "business9"},
      {id_of("Business1+1"), "business1"},
      {id_of("Personal+12"), "personal"},
      {"OneDrive!" + kSid + "!Personal", "personal"},
      {"onedrive!" + kSid + "!PERSONAL|x", "personal"},
      {id_of("Personal", "S-1-5-21-111-222-333-1002"), nullptr},
      {id_of("Personal", "S-1-5-21-111-222-333-100"), nullptr},
      {id_of("Personal", ""), nullptr},
      {id_of(""), nullptr},
      {id_of("+1"), nullptr},
      {id_of("Business"), nullptr},
      {id_of("Business10"), nullptr},
      {id_of("Personal!x"), nullptr},
      {"Dropbox!" + kSid + "!Personal|x", nullptr},
      {"OneDriveX!" + kSid + "!Personal|x", nullptr},
      {"OneDrive", nullptr},
      {"OneDrive!", nullptr},
      {"OneDrive!" + kSid, nullptr},
      {"", nullptr},
      {std::string("OneDrive!\0!Personal|x", 21), nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    const Texts expected =
        row.account == nullptr ? Texts{} : Texts{fmt::format("{}||{}", row.account, kPersonal)};
    CHECK(found({.sync_roots = {{row.id, kPersonal}}}) == expected);
  }
}

TEST_CASE("Sync roots of nobody in particular are nobody's") {
  const OneDriveFacts facts{.sync_roots = {{id_of("Personal", ""), kPersonal}}};
  CHECK(cloud_roots(facts, every_folder).empty());
}

TEST_CASE("A SharePoint library that is synced beside an account is not the account's folder") {
  const SyncRootEntry own{id_of("Business1"), kBusiness};
  const SyncRootEntry library{id_of("Business1+1"), kLibrary};
  const Texts business{"business1|ann@clinic.example|" + kBusiness};
  const OneDriveAccount account{"Business1", kBusiness, "ann@clinic.example"};
  CHECK(found({.accounts = {account}, .sync_roots = {library, own}}) == business);
  CHECK(found({.accounts = {account}, .sync_roots = {library}}) == business);
  // Signed out: what Windows still has is what was there before.
  CHECK(found({.accounts = {{"Business1", "", ""}}, .sync_roots = {library, own}}).empty());
  CHECK(found({.accounts = {{"Personal", kPersonal, ""}}, .sync_roots = {own}}) ==
        Texts{"personal||" + kPersonal, "business1||" + kBusiness});
  // Which of the two is the account's own is not told.
  CHECK(found({.sync_roots = {library, own}}) == Texts{"||" + kLibrary, "||" + kBusiness});
  CHECK(found({.sync_roots = {own, own}}) == Texts{"business1||" + kBusiness});
}

TEST_CASE("The environment and then default folders are asked where the registry tells nothing") {
  const EnvironmentFolder any{"OneDrive", kPersonal};
  const EnvironmentFolder consumer{"OneDriveConsumer", kPersonal};
  const EnvironmentFolder commercial{"OneDriveCommercial", kBusiness};
  CHECK(found({.environment = {any}}) == Texts{"||" + kPersonal});
  CHECK(found({.environment = {any, consumer}}) == Texts{"personal||" + kPersonal});
  CHECK(found({.environment = {commercial, consumer}}) ==
        Texts{"personal||" + kPersonal, "||" + kBusiness});
  CHECK(found({.environment = {commercial}, .default_folders = {kPersonal, kBusiness}}) ==
        Texts{"||" + kBusiness});
  CHECK(found({.environment = {{"OneDrive", "junk"}}, .default_folders = {kPersonal}}) ==
        Texts{"||" + kPersonal});
  CHECK(found({.sync_roots = {{id_of("Business1"), kBusiness}},
               .environment = {any},
               .default_folders = {kPersonal}}) == Texts{"business1||" + kBusiness});
}

TEST_CASE("A folder that outlived signing out is not taken for the account's") {
  const OneDriveFacts signed_out{.accounts = {{"Personal", "", ""}},
                                 .sync_roots = {{id_of("Personal"), kPersonal}},
                                 .environment = {{"OneDrive", kPersonal}},
                                 .default_folders = {kPersonal}};
  CHECK(found(signed_out).empty());
  const OneDriveFacts unplugged = facts_of({.accounts = {{"Personal", "E:\\OneDrive", ""}},
                                            .environment = {{"OneDrive", kPersonal}},
                                            .default_folders = {kPersonal}});
  CHECK(cloud_roots(unplugged, [](const std::string& folder) {
          return folder == kPersonal;
        }).empty());
}

TEST_CASE("A folder that is told in several spellings is there once, in one spelling") {
  for (const char* spelling :
       {"C:\\Users\\Ann\\OneDrive\\", "c:\\users\\ANN\\onedrive", "C:/Users/Ann/OneDrive",
        "C:\\Users/Ann\\OneDrive//", "C:\\Users\\Ann\\OneDrive\\\\"}) {
    CAPTURE(spelling);
    CHECK(found({.accounts = {{"Personal", kPersonal, "a@b"}, {"Business1", spelling, ""}},
                 .sync_roots = {{id_of("Business2"), spelling}}}) ==
          Texts{"personal|a@b|" + kPersonal});
    const auto alone =
        cloud_roots(facts_of({.accounts = {{"Personal", spelling, ""}}}), every_folder);
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].folder.find('/') == std::string::npos);
    CHECK_FALSE(alone[0].folder.ends_with('\\'));
  }
  CHECK(found({.accounts = {{"Personal", kPersonal, ""}, {"Business1", kBusiness, ""}}}).size() ==
        2);
}

TEST_CASE("What is no absolute path of a folder on a drive is dropped, wherever it stands") {
  const std::string long_name(200, 'x');
  const std::string junk[] = {
      "",
      " ",
      "C",
      "C:",
      "C:\\",
      "C:/",
      "C:\\\\",
      "C:OneDrive",
      "OneDrive",
      ".\\OneDrive",
      "..\\OneDrive",
      "\\\\server\\share\\OneDrive",
      "//server/share/OneDrive",
      "\\\\?\\C:\\Users\\Ann\\OneDrive",
      "\\\\.\\C:\\Users\\Ann\\OneDrive",
      "//?/C:/Users/Ann/OneDrive",
      "//./pipe/x",
      "\\??\\C:\\Users\\Ann\\OneDrive",
      "\\Device\\HarddiskVolume1\\x",
      "\\Users\\Ann\\OneDrive",
      "%USERPROFILE%\\OneDrive",
      "{profile}\\OneDrive",
      "1:\\OneDrive",
      "C:\\Users\\Ann\\..\\Bob\\OneDrive",
      "C:\\Users\\.\\OneDrive",
      "C:\\Users\\\\OneDrive",
      "C:\\Users\\Ann\\OneDrive:stream",
      "C:\\Users\\Ann\\OneDrive.",
      "C:\\Users\\Ann\\OneDrive ",
      "C:\\Users\\Ann\\nul",
      "C:\\Users\\*\\OneDrive",
      "C:\\Users\\Ann\\One\nDrive",
      "C:\\Users\\Ann\\OneDrive\x7F",
      std::string("C:\\Users\\Ann\\OneDrive\0", 22),
      std::string("C:\\Users\\Ann\0\\OneDrive", 22),
      "C:\\Users\\\xFF\\OneDrive",
      "file:///C:/Users/Ann/OneDrive",
      "https://clinic-my.sharepoint.example",
      "C:\\" + long_name + "\\" + long_name,
  };
  for (const std::string& folder : junk) {
    CAPTURE(folder);
    CHECK(found({.accounts = {{"Personal", folder, ""}}}).empty());
    CHECK(found({.sync_roots = {{id_of("Personal"), folder}}}).empty());
    CHECK(found({.environment = {{"OneDrive", folder}}}).empty());
    CHECK(found({.default_folders = {folder}}).empty());
  }
  // 400 letters, which are more bytes.
  std::string umlauts = "C:\\";
  for (int i = 0; i < 198; ++i) umlauts += "\xC3\xBC";
  umlauts += '\\';
  for (int i = 0; i < 198; ++i) umlauts += "\xC3\xBC";
  CHECK(found({.default_folders = {umlauts}}).size() == 1);
  CHECK(found({.default_folders = {umlauts + "x"}}).empty());
}

TEST_CASE("Only folders that are there count, and none is looked at in two spellings") {
  std::vector<std::string> looked_at;
  const auto roots = cloud_roots(
      facts_of({.accounts = {{"Personal", kPersonal + "\\", ""}, {"Business1", kBusiness, ""}},
                .sync_roots = {{id_of("Personal"), kPersonal}, {"Dropbox!x!y|z", "C:\\Dropbox"}}}),
      [&](const std::string& folder) {
        looked_at.push_back(folder);
        return folder == kBusiness;
      });
  CHECK(texts(roots) == Texts{"business1||" + kBusiness});
  CHECK(looked_at == Texts{kPersonal, kBusiness});
}

TEST_CASE("An e-mail is made safe to show") {
  const auto shown = [](const std::string& email) {
    return cloud_roots(facts_of({.accounts = {{"Personal", kPersonal, email}}}), every_folder)
        .at(0)
        .email;
  };
  CHECK(shown("ann@clinic.example") == "ann@clinic.example");
  CHECK(shown("j\xC3\xBCrgen@clinic.example") == "j\xC3\xBCrgen@clinic.example");
  CHECK(shown(std::string("a\r\n\0\x1B[31mb@c", 12)) == "a????[31mb@c");
  CHECK(shown("a\xE2\x80\xAE@b\xFF") == "a?@b?");
  CHECK(shown(std::string(5000, 'x')).size() <= 103);
}

struct Choice {
  OneDriveFacts facts;
  std::string account;
  std::string answer;  // the folder, or the whole line of the error
};

// Where the folders on drive E: are gone.
void check(std::initializer_list<Choice> choices) {
  for (const Choice& choice : choices) {
    CAPTURE(choice.answer);
    const auto roots = cloud_roots(
        choice.facts, [](const std::string& folder) { return !folder.starts_with("E:"); });
    std::string answer;
    try {
      answer = chosen_root(choice.facts, roots, choice.account).folder;
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::NotFound);
      CHECK_FALSE(error.action().empty());
      answer = error.line();
    }
    CHECK(answer == choice.answer);
  }
}

const OneDriveAccount kAtHome{"Personal", kPersonal, "ann@home.example"};
const OneDriveAccount kAtWork{"Business1", kBusiness, "ann@clinic.example"};

TEST_CASE("The account that is named is chosen, else the only one there is") {
  check({
      {facts_of({.accounts = {kAtHome}}), "", kPersonal},
      {facts_of({.accounts = {kAtHome}}), "personal", kPersonal},
      {facts_of({.accounts = {kAtHome, kAtWork}}), "personal", kPersonal},
      {facts_of({.accounts = {kAtHome, kAtWork}}), "business1", kBusiness},
      {facts_of({.accounts = {kAtHome, {"Business1", "D:\\Moved", ""}}}), "business1", "D:\\Moved"},
      {facts_of({.accounts = {{"Personal", "", ""}, kAtWork}}), "", kBusiness},
      {facts_of({.sync_roots = {{id_of("Business1"), kBusiness}}}), "business1", kBusiness},
      {facts_of({.default_folders = {kPersonal}}), "", kPersonal},
  });
}

TEST_CASE("Why there is no OneDrive folder is told apart, with what to do") {
  const std::string sign_in = "Sign in to OneDrive, or give the destination as a folder.";
  const std::string other =
      "Sign in to it in OneDrive, or name another account in the configuration.";
  const std::string connect = "Connect the drive that it is on, or have OneDrive set up anew.";
  const std::string install =
      "OneDrive is not installed, as far as Windows tells. Install OneDrive and sign in to it, or "
      "give the destination as a folder.";
  const OneDriveAccount gone{"Business1", "E:\\OneDrive", "ann@clinic.example"};
  const OneDriveAccount signed_out{"Personal", "", ""};
  check({
      {{.sid = kSid}, "", install},
      {{.sid = kSid}, "personal", install},
      {facts_of({}), "", "Nobody is signed in to OneDrive. " + sign_in},
      {facts_of({}), "business1", "Nobody is signed in to OneDrive. " + sign_in},
      {{.sid = kSid, .accounts = {signed_out}}, "", "Nobody is signed in to OneDrive. " + sign_in},
      {facts_of({.accounts = {signed_out}}), "personal",
       "Nobody is signed in to the OneDrive account personal. " + other},
      {facts_of({.accounts = {signed_out, kAtWork}}), "personal",
       "Nobody is signed in to the OneDrive account personal. " + other},
      {facts_of({.accounts = {signed_out, gone}}), "",
       "The folder of the OneDrive account business1 (ann@clinic.example) is not there: "
       "E:\\OneDrive. " +
           connect},
      {facts_of({.accounts = {kAtHome, gone}}), "business1",
       "The folder of the OneDrive account business1 (ann@clinic.example) is not there: "
       "E:\\OneDrive. " +
           connect},
      {facts_of({.accounts = {{"Personal", "On\ne", ""}}}), "",
       "The folder of the OneDrive account personal is not there: On?e. " + connect},
      {facts_of({.accounts = {kAtHome, kAtWork}}), "business2",
       "There is no OneDrive account business2; there is personal (ann@home.example) and "
       "business1 (ann@clinic.example). " +
           other},
      {facts_of({.default_folders = {kPersonal}}), "personal",
       "There is no OneDrive account personal; there is " + kPersonal + ". " + other},
  });
}

TEST_CASE("With several accounts none is guessed") {
  const std::string several =
      "There are several OneDrive folders, and the configuration does not say which is meant: ";
  check({
      {facts_of({.accounts = {kAtWork, kAtHome, {"Business2", "D:\\Two", ""}}}), "",
       several +
           "personal (ann@home.example), business1 (ann@clinic.example) and business2. Name the "
           "account in the destination: \"account\": \"personal\"."},
      {facts_of({.default_folders = {kPersonal, kBusiness}}), "",
       several + kPersonal + " and " + kBusiness +
           ". Have OneDrive started, which tells them apart, or give the destination as a folder."},
      {facts_of({.sync_roots = {{id_of("Business1"), kBusiness}, {id_of("Business1"), kLibrary}}}),
       "business1",
       "There is no OneDrive account business1; there is " + kBusiness + " and " + kLibrary +
           ". Sign in to it in OneDrive, or name another account in the configuration."},
  });
}

TEST_CASE("A folder in OneDrive lies inside it, whichever separators it is written with") {
  const CloudRoot root{.folder = kPersonal};
  const auto expected = text_path(kPersonal) / "Apps" / "DocAssist" / "Backups";
  CHECK(folder_inside(root, "Apps\\DocAssist\\Backups") == expected);
  CHECK(folder_inside(root, "Apps/DocAssist/Backups") == expected);
  CHECK(folder_inside(root, "Apps/DocAssist\\Backups") == expected);
  CHECK(folder_inside(root, "Backups") == text_path(kPersonal) / "Backups");
}

TEST_CASE("What would lead out of OneDrive is refused") {
  const CloudRoot root{.folder = kPersonal};
  for (const char* folder :
       {"",          ".",           "..",           "..\\x",        "../x",      "Apps\\..\\..\\x",
        "Apps/../x", "\\Apps",      "/Apps",        "\\\\s\\x",     "//s/x",     "C:\\Windows",
        "C:Windows", "Apps\\C:\\x", "\\\\?\\C:\\x", "Apps\\",       "Apps\\\\x", "Apps\\con",
        "Apps:x",    "Apps.",       "Apps ",        "{profile}\\x", "a\nb",      "a\xFF"}) {
    CAPTURE(folder);
    CHECK_THROWS_AS(folder_inside(root, folder), Error);
  }
  CHECK_THROWS_AS(folder_inside(root, std::string(5000, 'x')), Error);
  CHECK_THROWS_AS(folder_inside(root, std::string("Apps\0\\..", 8)), Error);
}

}  // namespace
}  // namespace holdfast
