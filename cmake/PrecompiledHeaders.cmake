# What nearly every file includes is parsed once a room instead of once a file: a third of a first build. Files still
# include all that they use; clang-tidy and scripts/check_house.py compile them without this.
set(VIRTUOSO_COMMON_HEADERS
  <algorithm> <array> <cmath> <cstdint> <cstring> <deque> <expected> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)

# precompile(TARGET [HEADERS…]): with HEADERS, heavy ones that most of the target's files include, it has headers of its
# own; else it shares those of virtuoso_base.
function(precompile target)
  if(ARGN OR target STREQUAL "virtuoso_base")
    target_precompile_headers(${target} PRIVATE ${VIRTUOSO_COMMON_HEADERS} ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM virtuoso_base)
  endif()
endfunction()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # So that ccache sees which precompiled header a file used.
  target_compile_options(virtuoso_settings INTERFACE -fpch-preprocess)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Else a precompiled header differs with the time it was made at, and no other clone finds it in the cache.
  target_compile_options(virtuoso_settings INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()
