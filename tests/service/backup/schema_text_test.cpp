#include "service/backup/schema_text.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("White space and comments in a schema do not matter, quoted text does") {
  struct Case {
    std::string_view sql;
    std::string_view normalized;
  };
  for (const auto& [sql, normalized] : {
           Case{"", ""},
           Case{"  \n\t ", ""},
           Case{"CREATE  TABLE\r\n t(\n  a)\n", "CREATE TABLE t( a)"},
           Case{"a -- the b\nc", "a c"},
           Case{"a /* the\n b */ c", "a c"},
           Case{"a--", "a"},
           Case{"a /* open", "a"},
           Case{"/*/ b */ c", "c"},
           Case{"'two  spaces'  'it''s  -- kept'", "'two  spaces' 'it''s  -- kept'"},
           Case{"\"a  b\" `c  d` [e  f]", "\"a  b\" `c  d` [e  f]"},
           Case{"'open  quote", "'open  quote"},
           Case{"a - b / c", "a - b / c"},
       }) {
    CAPTURE(sql);
    CHECK(normalized_sql(sql) == normalized);
  }
}

}  // namespace
}  // namespace holdfast
