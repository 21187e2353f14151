#include "journal/row_source.hpp"

#include "exchange/archive/json_rows.hpp"
#include "journal/line_reader.hpp"
#include "journal/text_file.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace virtuoso {

namespace {

class LineRows final : public RowSource {
  public:
    explicit LineRows(LineReader lines) : lines_(std::move(lines)) {}

    Result<bool> next(std::string_view& row) override { return lines_.next(row); }
    std::uint64_t line_number() const override { return lines_.line_number(); }
    double progress() const override { return lines_.progress(); }
    bool cut() const override { return lines_.cut(); }

  private:
    LineReader lines_;
};

class ListRows final : public RowSource {
  public:
    explicit ListRows(TextFile file) : file_(std::move(file)) {}

    Result<bool> next(std::string_view& row) override {
        for (;;) {
            const auto found = rows_.scan(rest_, row_);
            if (!found) {
                return found;
            }
            if (*found) {
                row = row_;
                return true;
            }
            const auto count = file_.read(chunk_.data(), chunk_.size());
            if (!count) {
                return fail(count.error().code,
                            fmt::format("behind line {}: {}", rows_.line_number(), count.error().message));
            }
            if (*count == 0) {
                cut_ = file_.cut() || !rows_.whole();
                return false;
            }
            rest_ = {chunk_.data(), *count};
        }
    }
    std::uint64_t line_number() const override { return rows_.line_number(); }
    double progress() const override { return file_.progress(); }
    bool cut() const override { return cut_; }

  private:
    TextFile file_;
    archive::JsonRows rows_;
    std::array<char, 65'536> chunk_{};
    std::string_view rest_;
    std::string row_;
    bool cut_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> RowSource::open(const std::string& path, bool json) {
    if (json) {
        auto file = TextFile::open(path);
        if (!file) {
            return std::unexpected(file.error());
        }
        return std::make_unique<ListRows>(std::move(*file));
    }
    auto lines = LineReader::open(path);
    if (!lines) {
        return std::unexpected(lines.error());
    }
    return std::make_unique<LineRows>(std::move(*lines));
}

}  // namespace virtuoso
