// Files that commands write.
#pragma once

#include "base/output_file.hpp"
#include "subcommand.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::app {

/// How a file that a command writes begins: one that does may be replaced by its like without a question.
enum class OutputKind { journal, evaluation_page, weights, certificate, validation, period_report };

/// What makes it known as this program's own; its text begins with it, or has it soon after.
[[nodiscard]] std::string_view mark_of(OutputKind kind) noexcept;

/// Adds --force.
void add_force_to(Subcommand& command, bool& force);

/// As `OutputFile::create`. What is there and of another kind is replaced with `force`, or where somebody at
/// a terminal says so. `option`: what names the path; `inputs`: everything that is read.
[[nodiscard]] Result<OutputFile> open_output(OutputKind kind, const std::string& option,
                                             const std::string& path, const std::vector<std::string>& inputs,
                                             bool force);

/// Writes and finishes it. Error: file_write.
[[nodiscard]] Result<void> write_whole(OutputFile& file, std::string_view text);

}  // namespace virtuoso::app
