#include "tests/support/application.h"

#include <stdexcept>
#include <utility>

#include "common/path_text.h"
#include "tests/support/database.h"

namespace holdfast {

Application::Application(Where where, std::filesystem::path database)
    : database_(std::move(database)) {
  if (where == Where::AnotherProcess) process_ = std::make_unique<ChildProcess>("sql_application");
  open();
}

void Application::open() {
  open_ = true;
  if (process_) return tell("open " + path_text(database_));
  connection_ = open_database(database_);
}

void Application::close() {
  open_ = false;
  if (process_) return tell("close");
  connection_.reset();
}

void Application::execute(const std::string& sql) {
  if (process_) return tell(sql);
  holdfast::execute(connection_.get(), sql);
}

std::string Application::ask(const std::string& query) {
  if (!process_) return holdfast::ask(connection_.get(), query);
  process_->write_line("ask " + query);
  return process_->read_line();
}

void Application::tell(const std::string& line) {
  process_->write_line(line);
  if (const std::string answer = process_->read_line(); answer != "ok") {
    throw std::runtime_error(answer);
  }
}

}  // namespace holdfast
