// A queue of fixed capacity that keeps all but its newest elements packed.
#pragma once

#include "base/assert.hpp"
#include "base/packed_block.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace virtuoso {

/// The numbers that a record consists of. Stands beside the record and gives
///     columns       their count; the first is the record's key, for example its time
///     reals         bit c is set when column c is the bit pattern of a double
///     block         records that are packed together, a power of two
///     numbers_of    the record's numbers
///     record_of     the record of numbers
template <typename Record>
struct PackedColumns;

/// Index 0 is the oldest element; elements are read as values, exactly as they were pushed. The newest ones,
/// at most a block, lie unpacked; older ones in a PackedBlock each. So memory grows by one block at a time,
/// and is given back a block at a time. push O(1) amortised: once a block its records are packed, tens of ns
/// each. Reading costs some ns a column, `set` of a packed element O(block).
template <typename Record>
class PackedRing {
  public:
    using Columns = PackedColumns<Record>;
    static constexpr std::size_t block = Columns::block;
    static_assert((block & (block - 1)) == 0);

    explicit PackedRing(std::size_t capacity) : capacity_(capacity) {
        VIRTUOSO_ASSERT(capacity > 0, "a ring needs room for one element");
    }

    /// Of an empty ring: its first block begins as if so many elements had left it, so that rings which fill
    /// at one time do not all pack and allocate with the same push. Precondition: `left` < block.
    void begin_after(std::size_t left) {
        VIRTUOSO_ASSERT(size_ == 0 && left < block, "only an empty ring can begin anywhere");
        newest_.assign(left, Record{});
        head_ = left;
    }

    /// Appends; returns true when the oldest element was dropped to make room.
    bool push(const Record& record) {
        const bool dropped = size_ == capacity_;
        if (dropped) {
            pop_front();
        }
        if (newest_.size() == newest_.capacity()) [[unlikely]] {
            make_room();
        }
        newest_.push_back(record);
        ++size_;
        ++pushed_;
        return dropped;
    }

    void pop_front() {
        VIRTUOSO_ASSERT(size_ > 0, "pop from an empty ring");
        --size_;
        ++head_;
        if (size_ == 0) {
            clear();
        } else if (head_ == block) {
            head_ = 0;
            packed_bytes_ -= packed_.front().bytes();
            spare_ = packed_.front().release();
            packed_.erase(packed_.begin());
        }
    }

    void clear() {
        packed_.clear();
        newest_.clear();
        packed_bytes_ = 0;
        head_ = 0;
        size_ = 0;
    }

    /// Gives back memory that will not be needed soon; returns the bytes. Of a ring that is in use there is
    /// none.
    std::size_t shrink() {
        const std::size_t before = bytes();
        if (packed_.capacity() > 2 * packed_.size() + 2) {
            packed_.shrink_to_fit();
        }
        if (size_ <= block) {
            spare_ = std::vector<std::uint8_t>();  // `= {}` would keep the memory
        }
        if (size_ == 0) {
            newest_ = std::vector<Record>();
            head_ = 0;
        }
        return before - bytes();
    }

    [[nodiscard]] Record operator[](std::size_t index) const {
        const std::size_t place = head_ + index;
        return place / block < packed_.size() ? packed_at(place) : newest_[place - packed_.size() * block];
    }
    /// The first of the record's numbers. O(1), cheaper than the record.
    [[nodiscard]] std::int64_t key(std::size_t index) const {
        const std::size_t place = head_ + index;
        return place / block < packed_.size()
                   ? packed_[place / block].template key<Columns::columns>(place % block)
                   : Columns::numbers_of(newest_[place - packed_.size() * block])[0];
    }
    /// Index of the first element with a key of at least `key`; `size()` when there is none. Precondition:
    /// keys do not fall. O(log size).
    [[nodiscard]] std::size_t place_of(std::int64_t wanted) const {
        std::size_t low = 0;
        std::size_t high = size_;
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (key(middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
    /// Calls `visit(record)` for the elements from `first` up to `last`, without it.
    template <typename Visit>
    void each(std::size_t first, std::size_t last, Visit&& visit) const {
        for (; first < last && (head_ + first) / block < packed_.size(); ++first) {
            visit(packed_at(head_ + first));
        }
        for (; first < last; ++first) {
            visit(newest_[head_ + first - packed_.size() * block]);
        }
    }
    void set(std::size_t index, const Record& record) {
        const std::size_t place = head_ + index;
        if (place / block >= packed_.size()) {
            newest_[place - packed_.size() * block] = record;
            return;
        }
        const std::size_t first = place - place % block;
        Numbers numbers{};
        for (std::size_t row = 0; row < block; ++row) {
            put(numbers, row, first + row == place ? record : packed_at(first + row));
        }
        PackedBlock& changed = packed_[place / block];
        packed_bytes_ -= changed.bytes();
        changed = PackedBlock(numbers, Columns::columns, Columns::reals, changed.release());
        packed_bytes_ += changed.bytes();
    }

    [[nodiscard]] Record front() const { return (*this)[0]; }
    [[nodiscard]] const Record& back() const { return newest_.back(); }
    /// `age` 0 is the newest.
    [[nodiscard]] Record newest(std::size_t age) const { return (*this)[size_ - 1 - age]; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// Elements ever pushed: `pushed() - size()` is the running number of the oldest kept.
    [[nodiscard]] std::uint64_t pushed() const noexcept { return pushed_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return newest_.capacity() * sizeof(Record) + packed_.capacity() * sizeof(PackedBlock) +
               packed_bytes_ + spare_.capacity();
    }

  private:
    using Numbers = std::array<std::int64_t, block * Columns::columns>;
    static constexpr std::size_t newest_min = std::min<std::size_t>(8, block);

    [[nodiscard]] Record packed_at(std::size_t place) const {
        return Columns::record_of(packed_[place / block].template row<Columns::columns>(place % block));
    }
    static void put(Numbers& numbers, std::size_t row, const Record& record) {
        const auto values = Columns::numbers_of(record);
        for (std::size_t column = 0; column < Columns::columns; ++column) {
            numbers[column * block + row] = values[column];
        }
    }
    // The vector's capacity doubles up to a block; a whole block is packed.
    void make_room() {
        if (newest_.size() < block) {
            newest_.reserve(std::clamp(2 * newest_.size(), newest_min, block));
            return;
        }
        Numbers numbers{};
        for (std::size_t row = 0; row < block; ++row) {
            put(numbers, row, newest_[row]);
        }
        packed_.emplace_back(numbers, Columns::columns, Columns::reals, std::exchange(spare_, {}));
        packed_bytes_ += packed_.back().bytes();
        newest_.clear();
    }

    std::size_t capacity_;
    std::vector<PackedBlock> packed_;  ///< oldest first, each of a whole block
    std::vector<Record> newest_;       ///< at least one element, when there are any
    std::vector<std::uint8_t> spare_;  ///< memory of the block that was dropped last
    std::size_t packed_bytes_ = 0;
    std::size_t head_ = 0;  ///< elements dropped of the oldest block
    std::size_t size_ = 0;
    std::uint64_t pushed_ = 0;
};

}  // namespace virtuoso
