// Tables that other programs wrote: candles, trades, books, funding and whatever else is read of them.
#pragma once

#include "exchange/archive/candle_sequence.hpp"
#include "exchange/archive/table_reader.hpp"
#include "journal/channel.hpp"
#include "journal/recording.hpp"
#include "journal/row_source.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// What the first rows of a table tell.
struct TablePlan {
    archive::TableLayout layout;
    bool json = false;
    std::uint64_t rows_before = 0;  ///< rows of the source before the first one of values
    bool newest_first = false;
    bool mark = false;             ///< candles of mark prices
    CandleInterval interval = {};  ///< of candles
    std::string symbol = {};       ///< for rows that name none
    std::string exchange = {};     ///< for rows that name none
    std::vector<std::string> notices = {};
};

/// nullopt when nothing like a table is met. Errors: file_format for a table of which nothing is used,
/// without rows, or of candles whose interval cannot be told or is not what the user says; those of its first
/// rows.
[[nodiscard]] Result<std::optional<TablePlan>> plan_table(const std::string& path, bool json,
                                                          const RecordingOptions& options);

/// Rows as `archive::row_text` writes them, received when the table says, else at their own time; candles
/// when they closed. Memory: of a table whose newest rows come first, all of it.
class TableFile final : public Recording {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Recording>> open(const std::string& path, TablePlan plan);
    TableFile(std::unique_ptr<RowSource> rows, TablePlan plan);

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override { return rows_->progress(); }
    [[nodiscard]] std::vector<std::string> notices() const override;

  private:
    struct Row {
        std::uint64_t line = 0;
        std::string symbol;
        std::string exchange;
        LocalTime received;
        std::vector<archive::RowValue> values;
    };
    struct Waiting {
        LocalTime received;
        std::string channel;
        std::string text;
    };
    struct Gathered {
        archive::BookMessage message;
        LocalTime received;
        std::string exchange;
        std::uint64_t number = 0;  ///< of messages whose table has no ids
    };

    [[nodiscard]] Result<bool> read_row(Row& row);
    [[nodiscard]] Result<bool> next_row(Row& row);
    [[nodiscard]] Result<void> take(Row row);
    [[nodiscard]] Result<void> take_candle(const Row& row, const Candle& candle);
    void take_level(const Row& row, archive::BookMessage level);
    void finish();
    void flush(const std::string& symbol, Gathered& gathered);
    void put(const Row& row, LocalTime received, const archive::RowValue& value);
    void put_candle(const Row& row, const Candle& candle);

    std::unique_ptr<RowSource> rows_;
    TablePlan plan_;
    archive::TableReader reader_;
    std::uint64_t skip_;
    bool loaded_ = false;
    std::vector<Row> reversed_;  ///< newest first: the next one is the last
    std::map<std::string, archive::CandleSequence, std::less<>> candles_;
    std::map<std::string, Gathered, std::less<>> books_;
    std::deque<Waiting> waiting_;
    Waiting current_;
    FrameBuffer buffer_;
    bool ended_ = false;
};

}  // namespace virtuoso
