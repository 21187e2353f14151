// `virtuoso mcp`: what a running service knows, as tools of a language model, over the standard streams.
#include "api/mcp_server.hpp"
#include "command.hpp"
#include "output.hpp"
#include "service_arguments.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace virtuoso::app {

namespace {

/// Lines of the standard input; what is longer than a message may be is told as one that is empty.
class Lines {
  public:
    /// nullopt at the end.
    std::optional<std::string> next() {
        constexpr std::size_t line_max = std::size_t{1} << 20;
        while (true) {
            if (const auto end = waiting_.find('\n'); end != std::string::npos) {
                std::string line = waiting_.substr(0, end);
                waiting_.erase(0, end + 1);
                return std::exchange(too_long_, false) ? std::string() : line;
            }
            if (waiting_.size() > line_max) {
                waiting_.clear();
                too_long_ = true;
            }
            std::array<char, 1 << 16> bytes{};
            const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count <= 0) {
                return std::nullopt;
            }
            waiting_.append(bytes.data(), static_cast<std::size_t>(count));
        }
    }

  private:
    std::string waiting_;
    bool too_long_ = false;
};

int serve(ServiceClient& service) {
    const McpServer server(VIRTUOSO_VERSION);
    Lines lines;
    while (const auto line = lines.next()) {
        auto reply = server.take(*line);
        if (const auto* const call = std::get_if<McpCall>(&reply)) {
            const auto answer = service.answer_to(call->target, [] { return false; });
            reply = McpMessage{answer ? server.finish(*call, answer->status, answer->body)
                                      : server.finish(*call, 0, answer.error().message)};
        }
        if (const auto& text = std::get<McpMessage>(reply).text; !text.empty()) {
            print_text(text + "\n");
            flush_output();
            if (const auto written = check_output(); !written) {
                return report(written.error());
            }
        }
    }
    return exit_ok;
}

}  // namespace

void add_mcp(CommandLine& line) {
    auto arguments = std::make_shared<ServiceArguments>();
    auto command = line.subcommand(
        "mcp",
        "A running service as tools of a language model (Model Context Protocol), over the standard streams");
    arguments->add_to(command);
    command.runs([arguments] { return with_service(*arguments, serve); });
}

}  // namespace virtuoso::app
