#include "service/store_queue.hpp"

namespace virtuoso {

namespace {

bool comes_again(StoreTable table) noexcept {
    return table == StoreTable::scores || table == StoreTable::overview || table == StoreTable::keeper_runs;
}

}  // namespace

StoreRecord StoreQueue::Lane::pop() {
    StoreRecord record = std::move(records.front());
    records.pop_front();
    bytes -= bytes_of(record.row);
    return record;
}

void StoreQueue::push(StoreRecord record) {
    Lane& lane = lanes_[comes_again(record.table) ? 1 : 0];
    lane.bytes += bytes_of(record.row);
    lane.records.push_back(std::move(record));
    while (lane.bytes > lane.bytes_max && !lane.records.empty()) {
        ++dropped_[static_cast<std::size_t>(lane.pop().table)];
    }
}

std::vector<StoreRecord> StoreQueue::take(std::size_t records_max) {
    std::vector<StoreRecord> records;
    for (Lane& lane : lanes_) {
        while (!lane.records.empty() && records.size() < records_max) {
            records.push_back(lane.pop());
        }
    }
    return records;
}

}  // namespace virtuoso
