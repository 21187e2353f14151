// Who sits at a terminal is asked before a file is replaced that the command did not make.
#include "support/candle_table.hpp"
#include "support/program_on_terminal.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>

namespace virtuoso {
namespace {

using test::ProgramEnd;

TEST(OutputQuestion, IsAskedAndItsAnswerHeard) {
    const test::TemporaryDirectory folder;
    std::ofstream(folder.file("BTCUSDT.csv")) << test::candle_table(50, 300'000);
    for (const std::string_view answer : {"\r", "n\r", "\x04", "y\r"}) {
        std::ofstream(folder.file("mine"), std::ios::trunc) << "my notes\n";
        test::ProgramOnTerminal program({"import", folder.file("BTCUSDT.csv"), "-o", folder.file("mine")},
                                        {.columns = 200, .rows = 24});
        EXPECT_TRUE(program.until([&] { return program.terminal().plain().contains("Replace it? [y/N]"); }));
        program.type(answer);
        const bool replaced = answer.starts_with('y');
        EXPECT_EQ(program.end(), (ProgramEnd{.code = replaced ? 0 : 2})) << program.terminal().plain();
        EXPECT_EQ(test::text_of(folder.file("mine")).starts_with("VIRTJRNL"), replaced);
    }
}

}  // namespace
}  // namespace virtuoso
