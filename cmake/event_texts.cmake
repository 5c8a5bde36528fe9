# Makes generated/event_texts.h of the message table, so that the program knows the texts that the Event Log shows.
function(holdfast_generate_event_texts messages header)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${messages})
  file(STRINGS ${messages} lines ENCODING UTF-8)
  set(texts "")
  set(count 0)
  foreach(line IN LISTS lines)
    if(line MATCHES "^MessageId=([0-9]+)$")
      set(number ${CMAKE_MATCH_1})
    elseif(line STREQUAL "Language=English")
      set(is_text TRUE)
    elseif(is_text)
      string(REPLACE "\"" "\\\"" line "${line}")
      string(APPEND texts "    {static_cast<EventId>(${number}), \"${line}\"},\n")
      math(EXPR count "${count} + 1")
      set(is_text FALSE)
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${header} @ONLY CONTENT [[
// Made of the message table.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "service/platform/event_log.h"

namespace holdfast {

constexpr std::array<std::pair<EventId, std::string_view>, @count@> kEventTexts{{
@texts@}};

}  // namespace holdfast
]])
endfunction()
