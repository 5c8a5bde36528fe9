#include "service/report/report_page.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/support/fake_time_zone.h"
#include "tests/support/strict_markup.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

const Time kNow = time_from("2026-11-20T10:00:00Z");

ReportRun run(Time started, RunOutcome outcome, const std::string& sentence = "") {
  return {
      .outcome = outcome, .started_at = started, .ended_at = started + 5s, .sentence = sentence};
}

ReportArchive archive(Time taken, const std::string& host = "PC") {
  return {
      .host = host, .taken_at = taken, .bytes = 5'000'000, .check = ArchiveFacts::Check::Verified};
}

ReportFacts facts_of(std::vector<ReportDataset> datasets) {
  ReportFacts facts{
      .host = "PC", .version = "1.2.3", .datasets = std::move(datasets), .made_at = kNow};
  facts.status.health = Health::Protected;
  facts.status.headline = "All is well.";
  return facts;
}

ReportDataset titled(const std::string& title) {
  ReportDataset dataset;
  dataset.status.title = title;
  dataset.status.health = Health::Protected;
  dataset.status.headline = "Backed up 4 hours ago.";
  dataset.status.archived_at = kNow - 4h;
  return dataset;
}

ReportDataset with_one_run() {
  ReportDataset dataset = titled("Clinic");
  dataset.runs = {run(kNow - 4h, RunOutcome::Verified)};
  dataset.archives = {archive(kNow - 4h)};
  return dataset;
}

ReportDataset with_many_runs() {
  ReportDataset dataset = titled("Clinic");
  for (int i = 0; i < 5000; ++i) {
    const bool fails = i % 100 == 7;
    dataset.runs.push_back(run(kNow - i * 2h, fails ? RunOutcome::Failed : RunOutcome::Verified,
                               fails ? fmt::format("Failure {}.", i) : ""));
    dataset.archives.push_back(archive(kNow - i * 2h, fmt::format("PC{}", i % 70)));
  }
  return dataset;
}

ReportDataset with_text(const std::string& text) {
  ReportDataset dataset = titled(text);
  dataset.status.headline = text;
  dataset.status.cloud = text;
  dataset.status.restore_with = text;
  dataset.runs = {run(kNow - 4h, RunOutcome::Failed, text)};
  dataset.archives = {archive(kNow - 4h, text)};
  return dataset;
}

std::string page_of(const ReportFacts& facts) {
  return report_page(facts, FakeTimeZone(0s));
}

std::vector<MarkupElement> elements_of(const ReportFacts& facts) {
  return strict_markup(page_of(facts));
}

const std::vector<std::string> kHostileTexts{
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "</title></style></svg><script src=\"http://example.org/x.js\"></script>",
    "a & b &lt; c &copy; {} {0}",
    "\u202Edecnuonna\u202C \u05e9\u05dc\u05d5\u05dd",
    "line\nfeed\ttab\x01\x7f",
    "-->",
    std::string(100'000, 'x'),
    "\xF0\x9F\x92\xBE",
};

void check_that_nothing_is_fetched(const std::vector<MarkupElement>& elements) {
  const std::set<std::string> allowed{
      "html",  "head",    "meta",  "title", "style",  "body", "header", "main",   "section",
      "h1",    "h2",      "p",     "bdi",   "strong", "span", "b",      "br",     "div",
      "table", "caption", "thead", "tbody", "tr",     "th",   "td",     "figure", "figcaption",
      "svg",   "desc",    "line",  "path",  "rect",   "text", "circle", "footer"};
  for (const auto& [name, attributes, text] : elements) {
    CAPTURE(name);
    CHECK(allowed.contains(name));
    for (const auto& [key, value] : attributes) {
      CAPTURE(key);
      CHECK_FALSE(key.starts_with("on"));
      CHECK_FALSE((key == "href" || key == "src" || key == "style" || key == "action"));
    }
    if (name != "style") continue;
    for (const char* way : {"url(", "@import", "http", "\\"}) {
      CHECK(text.find(way) == std::string::npos);
    }
  }
}

TEST_CASE("A report is one well-formed page, without a script, that refers to nothing outside it") {
  for (const ReportFacts& facts :
       {facts_of({}), facts_of({titled("Nothing yet")}), facts_of({with_one_run()}),
        facts_of({with_many_runs(), with_one_run()})}) {
    const std::string page = page_of(facts);
    check_that_nothing_is_fetched(strict_markup(page));
    CHECK(page.find("//") == std::string::npos);
    CHECK(page.starts_with(kReportMark));
  }
}

TEST_CASE("Whatever is in a name, a report shows it as text and nothing else") {
  for (const std::string& text : kHostileTexts) {
    CAPTURE(text.substr(0, 100));
    ReportFacts facts = facts_of({with_text(text)});
    facts.host = text;
    facts.version = text;
    facts.status.headline = text;
    facts.status.faults = {text};
    const std::string page = page_of(facts);
    check_that_nothing_is_fetched(strict_markup(page));
    CHECK(page.size() < 60'000);
  }
  const auto elements = elements_of(facts_of({with_text("<b>\"Tom\" & 'Ann'</b>")}));
  const auto heading = std::ranges::find(elements, "h2", &MarkupElement::name);
  CHECK(heading->text == "<b>\"Tom\" & 'Ann'</b>");
}

TEST_CASE("Every picture of a report says what it shows, to who cannot see it") {
  const auto elements = elements_of(facts_of({with_many_runs(), with_one_run()}));
  std::set<std::string> ids;
  for (const MarkupElement& element : elements) {
    const auto id = element.attributes.find("id");
    if (id != element.attributes.end()) CHECK(ids.insert(id->second).second);
  }
  std::size_t charts = 0;
  for (const MarkupElement& element : elements) {
    if (element.name != "svg") continue;
    CHECK(element.attributes.at("role") == "img");
    if (element.attributes.contains("aria-label")) continue;
    ++charts;
    const std::string named = element.attributes.at("aria-labelledby");
    CHECK(ids.contains(named.substr(0, named.find(' '))));
    CHECK(ids.contains(named.substr(named.find(' ') + 1)));
  }
  CHECK(charts == 5);
}

TEST_CASE("The tables of a report have captions, and headings for their columns and rows") {
  const auto elements = elements_of(facts_of({with_many_runs()}));
  CHECK(std::ranges::count(elements, "table", &MarkupElement::name) == 3);
  CHECK(std::ranges::count(elements, "caption", &MarkupElement::name) == 3);
  for (const MarkupElement& element : elements) {
    if (element.name == "th") CHECK(element.attributes.contains("scope"));
  }
}

TEST_CASE("Thousands of runs make a page that is quickly read") {
  const std::string page = page_of(facts_of({with_many_runs()}));
  CHECK(page.size() < 150'000);
  // Of the failures the newest are told, and that there are more.
  CHECK(page.find("Failure 7.") != std::string::npos);
  CHECK(page.find("Failure 4907.") == std::string::npos);
  CHECK(page.find("older ones are not told here") != std::string::npos);
  // Of the computers those that take the most, and the others together.
  CHECK(page.find("others") != std::string::npos);
}

TEST_CASE("A report tells each dataset's health in words, and when it was backed up and tested") {
  struct Row {
    Health health;
    const char* words;
  };
  for (const auto& [health, words] : {Row{Health::Protected, "Protected"},
                                      {Health::Working, "Working"},
                                      {Health::Waiting, "Waiting for the cloud"},
                                      {Health::Stale, "Too old"},
                                      {Health::None, "No backup"},
                                      {Health::Failed, "Failed"},
                                      {Health::Damaged, "Damaged"}}) {
    ReportDataset dataset = titled("Clinic");
    dataset.status.health = health;
    const auto elements = elements_of(facts_of({dataset}));
    const auto table = std::ranges::find(elements, "table", &MarkupElement::name);
    CHECK(table->text.find(words) != std::string::npos);
    CHECK(table->text.find("2026-11-20 06:00 (4 hours ago)") != std::string::npos);
    CHECK(table->text.find("never") != std::string::npos);
    CHECK(table->text.find("goes to no cloud") != std::string::npos);
  }
  CHECK(page_of(facts_of({})).find("nothing is protected") != std::string::npos);
}

TEST_CASE("Failures in a row with the same sentence are told once, with how many they were") {
  ReportDataset dataset = titled("Clinic");
  dataset.runs = {run(kNow - 1h, RunOutcome::Failed, "Away."),
                  run(kNow - 2h, RunOutcome::Failed, "Away."), run(kNow - 3h, RunOutcome::Verified),
                  run(kNow - 4h, RunOutcome::Failed, "Full."),
                  run(kNow - 5h, RunOutcome::Interrupted)};
  const auto elements = elements_of(facts_of({dataset}));
  std::vector<std::string> rows;
  for (const MarkupElement& element : elements) {
    if (element.name == "tr" && element.text.starts_with("2026")) rows.push_back(element.text);
  }
  CHECK(rows == std::vector<std::string>{"2026-11-20 09:00since 2026-11-20 08:002BackupAway.",
                                         "2026-11-20 06:001BackupFull.",
                                         "2026-11-20 05:001BackupIt was interrupted."});
}

TEST_CASE("What a wrong clock has dated is not drawn, and the report says so") {
  ReportDataset dataset = with_one_run();
  dataset.runs.insert(dataset.runs.begin(), run(kNow + 400 * 24h, RunOutcome::Verified));
  dataset.runs.push_back(run(Time(), RunOutcome::Verified));
  ReportRun backwards = run(kNow - 2h, RunOutcome::Verified);
  backwards.ended_at = kNow - 3h;
  dataset.runs.push_back(backwards);
  dataset.archives.push_back(archive(Time(std::chrono::seconds(-62'000'000'000))));
  dataset.archives.push_back(archive(kNow + 24h));
  const std::string page = page_of(facts_of({dataset}));
  CHECK_NOTHROW(strict_markup(page));
  CHECK(page.find("Not drawn: 3 with dates that cannot be right.") != std::string::npos);
}

}  // namespace
}  // namespace holdfast
