#include "completion_script.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <vector>

namespace virtuoso::app {

namespace {

/// A command with the words that lead to it: "" for the program, "/keeper/run".
struct Spot {
    std::string path;
    const CommandTexts* command;
};

void add_spots(const CommandTexts& command, const std::string& path, std::vector<Spot>& spots) {
    spots.push_back({path, &command});
    for (const auto& below : command.commands) {
        add_spots(below, path + "/" + below.name, spots);
    }
}

std::vector<Spot> spots_of(const CommandTexts& program) {
    std::vector<Spot> spots;
    add_spots(program, "", spots);
    return spots;
}

/// In single quotes of a shell; `quote` is what stands for one within them.
std::string quoted(std::string_view text, std::string_view quote = "'\\''") {
    std::string result = "'";
    for (const char letter : text) {
        if (letter == '\'') {
            result += quote;
        } else {
            result += letter;
        }
    }
    return result + "'";
}

/// Whether what is no option may be a file there, for a shell.
std::string_view files_of(const Spot& spot) {
    return spot.command->commands.empty() ? "yes" : "";
}

void each_option(const CommandTexts& command, const std::function<void(const OptionTexts&)>& call) {
    for (const auto& option : command.options) {
        if (!option.by_position()) {
            call(option);
        }
    }
}

/// "/run|/watch|/keeper/run": every spot but the program itself.
std::string paths(const std::vector<Spot>& spots, std::string_view between) {
    std::vector<std::string> names;
    for (const auto& spot : spots) {
        if (!spot.path.empty()) {
            names.push_back(spot.path);
        }
    }
    return fmt::format("{}", fmt::join(names, between));
}

/// Cases of a POSIX shell: "'/record --exchange') …;;" for options with values, one line each.
std::string value_cases(const std::vector<Spot>& spots, std::string_view with_values,
                        std::string_view without) {
    std::string cases;
    std::vector<std::string> others;
    for (const auto& spot : spots) {
        each_option(*spot.command, [&](const OptionTexts& option) {
            std::vector<std::string> patterns;
            patterns.reserve(option.names.size());
            for (const auto& name : option.names) {
                patterns.push_back(quoted(fmt::format("{} {}", spot.path, name)));
            }
            if (!option.values.empty()) {
                cases += fmt::format("        {}) {} ;;\n", fmt::join(patterns, "|"),
                                     fmt::format(fmt::runtime(with_values), fmt::join(option.values, " ")));
            } else if (option.takes_value) {
                others.insert(others.end(), patterns.begin(), patterns.end());
            }
        });
    }
    return others.empty() ? cases
                          : cases + fmt::format("        {}) {} ;;\n", fmt::join(others, "|"), without);
}

std::string bash_script(const CommandTexts& program) {
    const auto spots = spots_of(program);
    std::string words;
    for (const auto& spot : spots) {
        std::vector<std::string> names;
        names.reserve(spot.command->commands.size());
        for (const auto& below : spot.command->commands) {
            names.push_back(below.name);
        }
        each_option(*spot.command, [&](const OptionTexts& option) {
            names.insert(names.end(), option.names.begin(), option.names.end());
        });
        words += fmt::format("        {}) words={} files={} ;;\n", quoted(spot.path),
                             quoted(fmt::format("{}", fmt::join(names, " "))), files_of(spot));
    }
    return fmt::format(
        R"(# bash completion for {0}
_{0}() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} spot='' words='' files='' i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case "$spot/${{COMP_WORDS[i]}}" in
            {1}) spot+=/${{COMP_WORDS[i]}} ;;
        esac
    done
    case "$spot $before" in
{2}    esac
    case "$spot" in
{3}    esac
    if [[ -n $files && $word != -* ]]; then
        return
    fi
    # shellcheck disable=SC2207
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o bashdefault -o default -F _{0} {0}
)",
        program.name, paths(spots, "|"),
        value_cases(spots, R"(words='{}'; COMPREPLY=($(compgen -W "$words" -- "$word")); return)", "return"),
        words);
}

std::string zsh_script(const CommandTexts& program) {
    const auto spots = spots_of(program);
    std::string candidates;
    for (const auto& spot : spots) {
        std::string list;
        for (const auto& below : spot.command->commands) {
            list += fmt::format(" {}", quoted(fmt::format("{}:{}", below.name, below.description)));
        }
        each_option(*spot.command, [&](const OptionTexts& option) {
            for (const auto& name : option.names) {
                list += fmt::format(" {}", quoted(fmt::format("{}:{}", name, option.description)));
            }
        });
        candidates += fmt::format("        {}) candidates=({} ) files={} ;;\n", quoted(spot.path), list,
                                  files_of(spot));
    }
    return fmt::format(R"(#compdef {0}
_{0}() {{
    local spot='' files='' i
    local -a candidates
    for ((i = 2; i < CURRENT; ++i)); do
        case "$spot/${{words[i]}}" in
            {1}) spot+=/${{words[i]}} ;;
        esac
    done
    case "$spot ${{words[CURRENT-1]}}" in
{2}    esac
    case "$spot" in
{3}    esac
    if [[ -n $files && ${{words[CURRENT]}} != -* ]]; then
        _files
    else
        _describe {0} candidates
    fi
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _{0} "$@"
else
    compdef _{0} {0}
fi
)",
                       program.name, paths(spots, "|"),
                       value_cases(spots, "compadd -- {}; return", "_files; return"), candidates);
}

std::string fish_option(const CommandTexts& program, const Spot& spot, const OptionTexts& option) {
    std::string line =
        fmt::format("complete -c {} -n \"test (__{}_spot) = '{}'\"", program.name, program.name, spot.path);
    for (const auto& name : option.names) {
        line += name.starts_with("--") ? fmt::format(" -l {}", name.substr(2))
                                       : fmt::format(" -s {}", name.substr(1));
    }
    if (!option.values.empty()) {
        line += fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(option.values, " ")), "\\'"));
    } else if (option.takes_value) {
        line += " -r";
    }
    return line + fmt::format(" -d {}\n", quoted(option.description, "\\'"));
}

std::string fish_script(const CommandTexts& program) {
    const auto spots = spots_of(program);
    std::string result = fmt::format(R"(# fish completion for {0}
function __{0}_spot
    set -l spot ''
    for word in (commandline -opc)[2..-1]
        switch "$spot/$word"
            case {1}
                set spot "$spot/$word"
        end
    end
    echo "$spot"
end
)",
                                     program.name, paths(spots, " "));
    for (const auto& spot : spots) {
        for (const auto& below : spot.command->commands) {
            result += fmt::format("complete -c {0} -f -n \"test (__{0}_spot) = '{1}'\" -a {2} -d {3}\n",
                                  program.name, spot.path, below.name, quoted(below.description, "\\'"));
        }
        each_option(*spot.command,
                    [&](const OptionTexts& option) { result += fish_option(program, spot, option); });
    }
    return result;
}

}  // namespace

std::string completion_script(std::string_view shell, const CommandTexts& program) {
    return shell == "bash"  ? bash_script(program)
           : shell == "zsh" ? zsh_script(program)
                            : fish_script(program);
}

}  // namespace virtuoso::app
