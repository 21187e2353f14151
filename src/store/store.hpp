// What the service knows, kept: one interface, two engines.
#pragma once

#include "base/error.hpp"
#include "store/store_address.hpp"
#include "store/store_table.hpp"
#include "store/store_value.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// A row and the table that it is for.
struct StoreRecord {
    StoreTable table = StoreTable::signals;
    StoreRow row;
};

/// A column has to have this value.
struct StoreMatch {
    std::string_view column;
    StoreValue value;
};

/// Which rows, in the order of their times, those of one time in that of their keys.
struct StoreQuery {
    StoreTable table = StoreTable::signals;
    std::optional<std::int64_t> since_ms = {};  ///< from here on
    std::optional<std::int64_t> until_ms = {};  ///< before this
    std::vector<StoreMatch> where = {};
    bool newest_first = false;
    std::optional<std::size_t> limit = {};
};

/// Called with each row, which is gone when it returns. False: that is enough.
using StoreVisitor = std::function<bool(std::span<const StoreValue>)>;

/// One connection, for one thread at a time but `interrupt`. What was put is there after `kill -9` of the
/// process at any moment, and after a loss of power but for the last second of SQLite's; it is there as a
/// whole or not at all. Texts from outside are bound, never part of a statement; bytes in them that are not
/// UTF-8, and zeros, are stored as U+FFFD; numbers that are not finite as nothing.
///
/// Errors of every verb: store_busy (try again later), store_open (the connection is lost: make a new store),
/// store_damaged, store_refused (never accepted as it is).
class Store {
  public:
    virtual ~Store() = default;

    /// All of them or none, in one transaction. A row whose key is there already is passed over or replaced,
    /// as its table says, so that putting the same again changes nothing. O(records).
    [[nodiscard]] virtual Result<void> put(std::span<const StoreRecord> records) = 0;
    /// Gives how many rows were visited. In bounded memory whatever their number.
    [[nodiscard]] virtual Result<std::size_t> select(const StoreQuery& query, const StoreVisitor& visit) = 0;
    /// The highest sequence of a symbol's signals; 0 when there is none.
    [[nodiscard]] virtual Result<std::int64_t> last_sequence(std::string_view exchange,
                                                             std::string_view symbol) = 0;
    /// Removes rows of before a time, the oldest first, at most so many; gives how many.
    [[nodiscard]] virtual Result<std::size_t> remove_before(StoreTable table, std::int64_t time_ms,
                                                            std::size_t rows_max) = 0;
    [[nodiscard]] virtual Result<std::size_t> count(StoreTable table) = 0;
    /// Bytes that it takes on its disk.
    [[nodiscard]] virtual Result<std::uint64_t> bytes() = 0;
    /// Reads all of it. Error: store_damaged, store_schema when a table is not what this program takes it
    /// for.
    [[nodiscard]] virtual Result<void> check() = 0;
    /// Gives back the room of what was removed. May take minutes.
    [[nodiscard]] virtual Result<void> vacuum() = 0;
    [[nodiscard]] virtual Result<std::int64_t> schema_version() = 0;

    /// From any thread: what is under way ends soon, with store_busy.
    virtual void interrupt() noexcept = 0;
};

enum class StoreUse : std::uint8_t {
    write,   ///< made where it is missing, brought to this program's schema
    read,    ///< as it is; an older schema is an error
    inspect  ///< as it is, an older schema too
};

/// Error: store_open, store_schema, store_busy, store_damaged.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const StoreAddress& address, StoreUse use);

}  // namespace virtuoso
