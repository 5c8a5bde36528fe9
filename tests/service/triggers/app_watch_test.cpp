#include "service/triggers/app_watch.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("A watched program has started with its first process and closed with its last") {
  const Names watched{"DocAssist.exe", "RVU Counter.exe"};
  AppWatch watch(LetterCase::Ignored);
  struct Look {
    std::string what;
    std::set<std::string> running;
    Names started;
    Names closed;
  };
  const std::vector<Look> looks{
      {"the first look only learns", {"explorer.exe", "DocAssist.exe"}, {}, {}},
      {"nothing new", {"explorer.exe", "DocAssist.exe"}, {}, {}},
      {"another letter case is the same", {"DOCASSIST.EXE"}, {}, {}},
      {"the other starts", {"docassist.exe", "rvu counter.exe"}, {"RVU Counter.exe"}, {}},
      {"both end", {"explorer.exe"}, {}, {"DocAssist.exe", "RVU Counter.exe"}},
      {"both stay away", {"explorer.exe"}, {}, {}},
      {"not watched", {"explorer.exe", "notepad.exe"}, {}, {}},
      {"one starts, by a shorter name", {"DocAssist"}, {"DocAssist.exe"}, {}},
      {"names that only begin so", {"DocAssist.exe.exe", "xDocAssist"}, {}, {"DocAssist.exe"}},
      {"nothing runs", {}, {}, {}},
  };
  for (const Look& look : looks) {
    CAPTURE(look.what);
    const AppWatch::Seen seen = watch.look(look.running, watched);
    CHECK(seen.started == look.started);
    CHECK(seen.closed == look.closed);
  }
}

TEST_CASE("Letters beyond ASCII, and all of them where case matters, must be as they are written") {
  struct Case {
    LetterCase letter_case;
    std::string watched;
    std::string running;
    bool same;
  };
  for (const auto& [letter_case, watched, running, same] : {
           Case{LetterCase::Ignored, "Клиника.exe", "Клиника.EXE", true},
           Case{LetterCase::Ignored, "Клиника.exe", "клиника.exe", false},
           Case{LetterCase::Ignored, "a", "A.exe", true},
           Case{LetterCase::Ignored, ".exe", "", false},
           Case{LetterCase::Matters, "DocAssist.exe", "docassist.exe", false},
           Case{LetterCase::Matters, "DocAssist.exe", "DocAssist", true},
       }) {
    CAPTURE(watched, running);
    AppWatch watch(letter_case);
    watch.look({}, {});
    CHECK((watch.look({running}, Names{watched}).started.size() == 1) == same);
  }
}

TEST_CASE("A program that is watched from now on is known from before") {
  AppWatch watch(LetterCase::Ignored);
  watch.look({"DocAssist.exe"}, {});
  CHECK(watch.look({"DocAssist.exe"}, Names{"DocAssist.exe"}).started.empty());
  watch.look({"DocAssist.exe"}, {});
  CHECK(watch.look({}, Names{"DocAssist.exe"}).closed == Names{"DocAssist.exe"});
}

}  // namespace
}  // namespace holdfast
