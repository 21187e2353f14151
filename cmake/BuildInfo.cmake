# build_info(SOURCES): adds to the list SOURCES what defines app/build_info.hpp. The libraries are those that
# Dependencies.cmake found; the commit is looked up with every build.
set(VIRTUOSO_COMMIT_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/write_commit.cmake)
function(build_info sources)
  set(libraries "")
  foreach(library IN ITEMS
      "Boost=${Boost_VERSION_STRING}" "CLI11=${CLI11_VERSION}" "OpenSSL=${OPENSSL_VERSION}" "PostgreSQL client=${postgres_VERSION}"
      "SQLite=${sqlite_VERSION}" "curl=${curl_VERSION}" "fmt=${fmt_VERSION}" "nlohmann-json=${nlohmann_json_VERSION}"
      "prometheus-cpp=${prometheus_VERSION}" "simdjson=${simdjson_VERSION}" "spdlog=${spdlog_VERSION}"
      "toml++=${tomlplusplus_VERSION}" "zlib=${ZLIB_VERSION_STRING}" "zstd=${zstd_VERSION}")
    string(REPLACE "=" "\", \"" pair "${library}")
    string(APPEND libraries "    Library{\"${pair}\"},\n")
  endforeach()
  set(made ${CMAKE_CURRENT_BINARY_DIR}/libraries_used.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT [[
#include "build_info.hpp"

#include <array>

namespace virtuoso::app {

namespace {

constexpr std::array libraries{
@libraries@};

}  // namespace

std::span<const Library> libraries_used() noexcept {
    return libraries;
}

}  // namespace virtuoso::app
]])
  set(commit ${CMAKE_CURRENT_BINARY_DIR}/source_commit.cpp)
  add_custom_target(source_commit BYPRODUCTS ${commit}
    COMMAND ${CMAKE_COMMAND} -D "SOURCE=${CMAKE_SOURCE_DIR}" -D "MADE=${commit}" -P ${VIRTUOSO_COMMIT_SCRIPT}
    VERBATIM)
  set(${sources} ${${sources}} ${made} ${commit} PARENT_SCOPE)
endfunction()
