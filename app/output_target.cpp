#include "output_target.hpp"

#include "journal/journal_format.hpp"
#include "output.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <utility>

namespace virtuoso::app {

namespace {

template <OutputKind kind>
bool is_own(std::string_view beginning) {
    const std::string_view mark = mark_of(kind);
    constexpr std::size_t head = 200;  // a report says what it is at once
    switch (kind) {
        case OutputKind::evaluation_page:
            return beginning.find(mark) != std::string_view::npos;
        case OutputKind::validation:
        case OutputKind::period_report:
            return beginning.substr(0, head).find(mark) != std::string_view::npos;
        default:
            return beginning.starts_with(mark);
    }
}

bool asked(const std::string& path) {
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) {
        return false;
    }
    print_error("{} is there and was not made by this command, or is write-protected. Replace it? [y/N] ",
                in_quotes(path));
    std::array<char, 8> answer{};
    return std::fgets(answer.data(), static_cast<int>(answer.size()), stdin) != nullptr &&
           (answer.front() == 'y' || answer.front() == 'Y');
}

}  // namespace

std::string_view mark_of(OutputKind kind) noexcept {
    switch (kind) {
        case OutputKind::journal:
            return journal_format::file_magic;
        case OutputKind::evaluation_page:
            return "<title>Virtuoso evaluation</title>";
        case OutputKind::weights:
            return "# fitted on ";
        case OutputKind::certificate:
            return "# certificate of virtuoso sim\n";
        case OutputKind::validation:
            return "virtuoso.validation/1";
        case OutputKind::period_report:
            return "virtuoso.report/1";
    }
    return {};
}

void add_force_to(Subcommand& command, bool& force) {
    command.flag("--force", force, "Replace a file that is there and was not made by this command");
}

Result<OutputFile> open_output(OutputKind kind, const std::string& option, const std::string& path,
                               const std::vector<std::string>& inputs, bool force) {
    constexpr std::array recognised{is_own<OutputKind::journal>,    is_own<OutputKind::evaluation_page>,
                                    is_own<OutputKind::weights>,    is_own<OutputKind::certificate>,
                                    is_own<OutputKind::validation>, is_own<OutputKind::period_report>};
    return OutputFile::create({.path = path,
                               .name = option,
                               .inputs = inputs,
                               .is_own = recognised.at(static_cast<std::size_t>(kind)),
                               .may_replace = [&] { return force || asked(path); }});
}

Result<void> write_whole(OutputFile& file, std::string_view text) {
    auto written = file.write(text);
    return written ? file.finish() : written;
}

}  // namespace virtuoso::app
