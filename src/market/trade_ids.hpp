// Which ids of a rising sequence were seen.
#pragma once

#include "base/bounded_ring.hpp"

#include <cstddef>
#include <cstdint>

namespace virtuoso {

/// Keeps runs of consecutive ids, so that what closes a gap is told from a repetition however late it comes.
/// The oldest gap is given up when there are too many. The next id O(1), others O(runs).
class RisingIds {
  public:
    static constexpr std::size_t runs_max = 64;

    /// False when `id` was seen.
    bool add(std::uint64_t id) {
        if (runs_.empty() || id > runs_.back().last) {
            append(id);
            return true;
        }
        std::size_t place = runs_.size() - 1;  // of the newest run that does not begin behind the id
        while (place > 0 && runs_[place].first > id) {
            --place;
        }
        Run& run = runs_[place];
        if (id >= run.first && id <= run.last) {
            return false;
        }
        if (id < run.first) {
            extend_down(place, id);
        } else if (id == run.last + 1) {
            run.last = id;
            join(place);
        } else if (id + 1 == runs_[place + 1].first) {
            runs_[place + 1].first = id;
        } else {
            insert(place + 1, id);
        }
        return true;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return runs_.bytes(); }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.runs_);
        for (std::size_t i = 0; i < self.runs_.size(); ++i) {
            archive.check(self.runs_[i].first <= self.runs_[i].last &&
                          (i == 0 || self.runs_[i - 1].last < self.runs_[i].first));
        }
    }

  private:
    struct Run {
        std::uint64_t first;
        std::uint64_t last;

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.first, self.last);
        }
    };

    void append(std::uint64_t id) {
        if (!runs_.empty() && runs_.back().last + 1 == id) {
            runs_.back().last = id;
            return;
        }
        make_room();
        runs_.push({id, id});
    }
    void make_room() {
        if (runs_.size() < runs_max) {
            return;
        }
        const std::uint64_t first = runs_.front().first;
        runs_.pop_front();
        runs_[0].first = first;
    }
    /// Before the oldest run.
    void extend_down(std::size_t place, std::uint64_t id) {
        if (id + 1 == runs_[place].first) {
            runs_[place].first = id;
        } else {
            insert(place, id);
        }
    }
    /// The run at `place` has grown: it may touch the next.
    void join(std::size_t place) {
        if (place + 1 >= runs_.size() || runs_[place].last + 1 != runs_[place + 1].first) {
            return;
        }
        runs_[place + 1].first = runs_[place].first;
        for (std::size_t i = place; i > 0; --i) {
            runs_[i] = runs_[i - 1];
        }
        runs_.pop_front();
    }
    void insert(std::size_t place, std::uint64_t id) {
        if (runs_.size() == runs_max) {
            make_room();
            if (place == 1) {
                return;  // lies in the gap that was given up: seen from now on
            }
            place -= place > 0 ? 1 : 0;
        }
        runs_.push({id, id});
        for (std::size_t i = runs_.size() - 1; i > place; --i) {
            runs_[i] = runs_[i - 1];
        }
        runs_[place] = {id, id};
    }

    BoundedRing<Run> runs_{runs_max};
};

}  // namespace virtuoso
