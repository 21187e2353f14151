// What nobody expected.
#pragma once

namespace virtuoso::app {

/// Inside a handler: tells of the exception and gives the exit code.
[[nodiscard]] int report_exception() noexcept;

/// An exception that no thread takes ends the process with a message, too; outputs that are not finished are
/// removed.
void end_on_lost_exceptions() noexcept;

}  // namespace virtuoso::app
