# Every target of the project links virtuoso_settings: one place for warnings, sanitizers and the
# flags that keep results identical across compilers and optimisation levels.
option(VIRTUOSO_TESTS "Build tests and benchmarks; they need packages of their own" ON)
option(VIRTUOSO_FUZZ "Build the libFuzzer targets" OFF)
set(VIRTUOSO_SANITIZE "" CACHE STRING "Comma-separated sanitizers, for example address,undefined")

add_library(virtuoso_settings INTERFACE)
target_include_directories(virtuoso_settings INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(virtuoso_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  # No fused multiply-add: the same recording must give the same bits on every machine.
  -ffp-contract=off)

if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(virtuoso_settings INTERFACE -march=x86-64-v2 -mtune=generic)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # GCC 12's own <algorithm> calls a function it has deprecated.
  target_compile_options(virtuoso_settings INTERFACE -Wno-deprecated-declarations)
endif()

if(VIRTUOSO_SANITIZE)
  target_compile_options(virtuoso_settings INTERFACE
    -fsanitize=${VIRTUOSO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(virtuoso_settings INTERFACE -fsanitize=${VIRTUOSO_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Warnings that follow values through the optimiser are wrong about instrumented code; the release build has them.
    target_compile_options(virtuoso_settings INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overread
      -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict)
  endif()
  if(VIRTUOSO_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio has fences, which the sanitizer cannot follow; it does see the mutexes and atomics around them.
    target_compile_options(virtuoso_settings INTERFACE -Wno-tsan)
  endif()
endif()
if(VIRTUOSO_FUZZ)
  target_compile_options(virtuoso_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Paths below the source folder count as relative, and the folder itself not at all: what one clone has compiled, another
# one takes from the cache, wherever it lies. Debug information then names sources relative to the build folder.
find_program(CCACHE ccache)
if(CCACHE)
  # ccache makes paths with a space relative in what it hashes, but not in the lists of headers that it keeps: another
  # clone would wait for this one's headers to change. So a folder with a space has its objects for itself.
  string(FIND "${CMAKE_SOURCE_DIR}" " " space)
  if(space EQUAL -1)
    set(shared_between_clones CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER /usr/bin/env ${shared_between_clones}
    CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=true CCACHE_INODECACHE=true ${CCACHE})
endif()
