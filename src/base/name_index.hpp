// Finding what a name stands for without walking a tree.
#pragma once

#include "base/text_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso {

/// Names and their values in one array, for what is looked up with every message: a name is found where its
/// hash points to, or close behind. In no order: who needs one keeps a map beside it. Values are default
/// constructible and cheap to move. All operations O(name), `add` amortised.
template <typename Value>
class NameIndex {
  public:
    /// Null when the name is not there. Valid until the next `add` or `erase`.
    [[nodiscard]] const Value* find(std::string_view name) const noexcept {
        const std::size_t at = place_of(name);
        return at < slots_.size() && slots_[at].hash != 0 ? &slots_[at].value : nullptr;
    }

    /// False, and nothing changes, when the name is there.
    bool add(std::string_view name, Value value) {
        if (2 * (size_ + 1) > slots_.size()) {
            grow();
        }
        Slot& slot = slots_[place_of(name)];
        if (slot.hash != 0) {
            return false;
        }
        slot = {text_hash(name), std::string(name), std::move(value)};
        ++size_;
        return true;
    }

    /// False when it was not there.
    bool erase(std::string_view name) {
        std::size_t hole = place_of(name);
        if (hole >= slots_.size() || slots_[hole].hash == 0) {
            return false;
        }
        --size_;
        // Those behind that were pushed there by this one move up: no name is cut off from its place.
        for (std::size_t at = after(hole); slots_[at].hash != 0; at = after(at)) {
            const std::size_t mask = slots_.size() - 1;
            const std::size_t wanted = slots_[at].hash & mask;
            if (((at - wanted) & mask) >= ((at - hole) & mask)) {
                slots_[hole] = std::move(slots_[at]);
                hole = at;
            }
        }
        slots_[hole] = {};
        return true;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    struct Slot {
        std::uint64_t hash = 0;  ///< 0: nothing is there
        std::string name{};
        Value value{};
    };
    static constexpr std::size_t slots_min = 16;

    [[nodiscard]] std::size_t after(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }

    /// Where the name is, or would be.
    [[nodiscard]] std::size_t place_of(std::string_view name) const noexcept {
        if (slots_.empty()) {
            return 0;
        }
        const std::uint64_t hash = text_hash(name);
        std::size_t at = hash & (slots_.size() - 1);
        while (slots_[at].hash != 0 && (slots_[at].hash != hash || slots_[at].name != name)) {
            at = after(at);
        }
        return at;
    }

    void grow() {
        std::vector<Slot> before(slots_.empty() ? slots_min : 2 * slots_.size());
        before.swap(slots_);
        for (Slot& slot : before) {
            if (slot.hash != 0) {
                slots_[place_of(slot.name)] = std::move(slot);
            }
        }
    }

    std::vector<Slot> slots_;  ///< a power of two, at most half of them taken
    std::size_t size_ = 0;
};

}  // namespace virtuoso
