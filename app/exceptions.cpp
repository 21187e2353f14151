#include "exceptions.hpp"

#include "base/output_file.hpp"
#include "command.hpp"
#include "output.hpp"
#include "terminal.hpp"

#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

namespace virtuoso::app {

namespace {

/// Without memory: there may be none.
void tell(std::string_view text) noexcept {
    static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

/// Where there is no memory for this, `end` says so.
int tell_of(const std::error_code& code, const char* what) {
    if (code == std::errc::too_many_files_open || code == std::errc::too_many_files_open_in_system) {
        return report({ErrorCode::resources, "no more files may be open: allow more (ulimit -n)"});
    }
    if (code == std::errc::resource_unavailable_try_again || code == std::errc::not_enough_memory) {
        return report({ErrorCode::resources,
                       fmt::format("the machine gives no more memory or threads ({}): allow more (ulimit -v, "
                                   "ulimit -u), or ask for less",
                                   what)});
    }
    print_error("virtuoso: E_INVARIANT: {}: a fault of the program\n", what);
    return exit_no_room;
}

constexpr std::string_view no_memory =
    "virtuoso: E_RESOURCES: there is not enough memory: allow more (ulimit -v, the limit of the container), "
    "or "
    "ask for less\n";

/// Nothing is left for an exception either, so that none tells of it.
bool is_out_of_memory() noexcept {
    constexpr std::size_t for_exceptions = 131'072;
    void* const some = std::malloc(for_exceptions);  // NOLINT(*-no-malloc): it may not throw
    std::free(some);                                 // NOLINT(*-no-malloc)
    return some == nullptr;
}

[[noreturn]] void end() noexcept {
    OutputFile::remove_unfinished();
    Terminal::leave_at_end();
    ::_exit(report_exception());
}

}  // namespace

int report_exception() noexcept {
    if (!std::current_exception()) {
        tell(is_out_of_memory() ? no_memory : "virtuoso: E_INVARIANT: a fault of the program\n");
        return exit_no_room;
    }
    try {
        throw;
    } catch (const std::bad_alloc&) {
        tell(no_memory);
    } catch (const std::system_error& error) {
        return tell_of(error.code(), error.what());
    } catch (const boost::system::system_error& error) {
        return tell_of(error.code(), error.what());
    } catch (const std::exception& error) {
        tell("virtuoso: E_INVARIANT: a fault of the program: ");
        tell(error.what());
        tell("\n");
    } catch (...) {
        tell("virtuoso: E_INVARIANT: a fault of the program\n");
    }
    return exit_no_room;
}

void end_on_lost_exceptions() noexcept {
    std::set_terminate(end);
}

}  // namespace virtuoso::app
