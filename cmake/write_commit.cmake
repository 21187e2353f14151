# Writes the unit that tells the commit and its date, where it is another one than before.
set(commit unknown)
set(date "")
find_program(GIT git)
if(GIT AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND ${GIT} -C "${SOURCE}" describe --always --abbrev=40 --exclude=* --dirty
    OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND said MATCHES "^[0-9a-f]+(-dirty)?$")
    set(commit ${said})
    execute_process(COMMAND ${GIT} -C "${SOURCE}" log -1 --format=%cs OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
file(CONFIGURE OUTPUT "${MADE}" @ONLY CONTENT [[
#include "build_info.hpp"

namespace virtuoso::app {

std::string_view source_commit() noexcept {
    return "@commit@";
}

std::string_view source_date() noexcept {
    return "@date@";
}

}  // namespace virtuoso::app
]])
