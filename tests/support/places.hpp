// Where the tests find what they read and run.
#pragma once

#include <string>

namespace virtuoso::test {

/// A file of this project.
[[nodiscard]] std::string source_path(const std::string& name);
/// A file beside the project: recordings and payloads that may be absent.
[[nodiscard]] std::string shared_path(const std::string& name);
/// The `virtuoso` command of this build.
[[nodiscard]] std::string virtuoso_binary();

/// A library to be loaded before a program's own: see support/preloaded_faults.cpp.
[[nodiscard]] std::string preloaded_faults();
/// Slower by a factor, and nothing can be preloaded: a sanitizer is the first library itself.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

}  // namespace virtuoso::test
