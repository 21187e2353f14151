#include "journal/merged_recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace virtuoso {

namespace {

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

struct MergedRecording::File {
    std::string path;
    std::uint32_t number = 0;
    std::unique_ptr<Recording> recording = nullptr;
    RawRecord head = {};
    LocalTime key = {};    ///< of the head: a file's records keep their order
    LocalTime first = {};  ///< key of its first record
    bool empty = false;    ///< nothing of it was received by `until`
    bool ended = false;
    std::uint64_t repeated = 0;  ///< records that another file held too
    std::string overlaps = {};   ///< path of a file that had not ended when this one began
    std::vector<std::string> notices = {};
};

MergedRecording::MergedRecording(RecordingOptions options, std::optional<ExchangeTime> until)
    : options_(std::move(options)), until_(until) {}

MergedRecording::~MergedRecording() = default;

Result<std::unique_ptr<MergedRecording>> MergedRecording::open(const std::vector<std::string>& paths,
                                                               const RecordingOptions& options,
                                                               std::optional<ExchangeTime> until) {
    std::unique_ptr<MergedRecording> merged(new MergedRecording(options, until));
    for (const auto& path : paths) {
        auto file = std::make_unique<File>();
        file->path = path;
        if (auto begun = merged->begin(*file); !begun) {
            return std::unexpected(begun.error());
        }
        file->first = file->key;
        merged->note_exchange(*file);
        file->ended = file->empty;
        if (paths.size() > 1) {
            file->recording.reset();  // opened again when it is its turn
        }
        merged->files_.push_back(std::move(file));
    }
    merged->options_.exchange = merged->exchanges_.size() == 1 ? *merged->exchanges_.begin() : std::string();
    std::ranges::stable_sort(merged->files_, [](const auto& a, const auto& b) {
        return std::tuple(a->first, file_name(a->path), std::string_view(a->path)) <
               std::tuple(b->first, file_name(b->path), std::string_view(b->path));
    });
    std::uint32_t number = 0;
    for (const auto& file : merged->files_) {
        file->number = number++;
    }
    return merged;
}

/// Opens it at its first record.
Result<void> MergedRecording::begin(File& file) {
    auto recording = open_recording(file.path, options_);
    if (!recording) {
        return std::unexpected(recording.error());
    }
    file.recording = std::move(*recording);
    file.key = {};
    auto read = advance(file);
    file.empty = read && file.ended;
    return read;
}

/// Tables that do not tell whose they are belong to the exchange of the files beside them, if that is one.
void MergedRecording::note_exchange(const File& file) {
    const auto exchange = file.head.channel.substr(0, file.head.channel.find('/'));
    if (!file.empty && exchange != "archive") {
        exchanges_.emplace(exchange);
    }
}

/// The next record of a file that was received by `until`.
Result<void> MergedRecording::advance(File& file) {
    for (;;) {
        const auto more = file.recording->next(file.head);
        if (!more) {
            return fail(more.error().code, fmt::format("{}: {}", in_quotes(file.path), more.error().message));
        }
        if (!*more) {
            finish(file);
            return {};
        }
        if (!until_ || !received_after(file.head, *until_)) {
            file.key = std::max(file.key, file.head.received);
            return {};
        }
    }
}

void MergedRecording::finish(File& file) {
    file.ended = true;
    file.notices = file.recording->notices();
}

/// Whether another file has records that were received at about the time of this one's.
bool MergedRecording::near_another(const File& file) const {
    const auto is_near = [&](LocalTime time) { return std::abs(file.key - time) <= RecentRecords::span_ns; };
    return active_.size() > 1 || (ended_ && is_near(*ended_)) ||
           (next_file_ < files_.size() && is_near(files_[next_file_]->first));
}

Result<void> MergedRecording::open_due() {
    for (; next_file_ < files_.size(); ++next_file_) {
        File& file = *files_[next_file_];
        if (file.empty) {
            continue;
        }
        const File* const earlier = earliest();
        if (earlier != nullptr && earlier->key < file.first) {
            return {};
        }
        file.ended = false;
        if (!file.recording) {
            if (auto begun = begin(file); !begun) {
                return begun;
            }
        }
        if (earlier != nullptr) {
            file.overlaps = earlier->path;
        }
        active_.push_back(&file);
    }
    return {};
}

MergedRecording::File* MergedRecording::earliest() const {
    const auto found = std::ranges::min_element(active_, [](const File* a, const File* b) {
        return std::tuple(a->key, a->number) < std::tuple(b->key, b->number);
    });
    return found == active_.end() ? nullptr : *found;
}

Result<bool> MergedRecording::next(RawRecord& record) {
    for (;;) {
        if (current_ != nullptr) {
            File& read = *std::exchange(current_, nullptr);
            if (auto advanced = advance(read); !advanced) {
                return std::unexpected(advanced.error());
            }
            if (read.ended) {
                std::erase(active_, &read);
                read.recording.reset();
                ended_ = read.key;
            }
        }
        if (auto opened = open_due(); !opened) {
            return std::unexpected(opened.error());
        }
        current_ = earliest();
        if (current_ == nullptr) {
            return false;
        }
        if (near_another(*current_) && recent_.repeats(current_->head, current_->number)) {
            ++current_->repeated;
            continue;
        }
        record = current_->head;
        return true;
    }
}

double MergedRecording::progress() const {
    double total = 0;
    for (const auto& file : files_) {
        total += file->ended ? 1.0 : file->recording ? file->recording->progress() : 0.0;
    }
    return files_.empty() ? 1.0 : total / static_cast<double>(files_.size());
}

std::vector<std::string> MergedRecording::notices() const {
    std::vector<std::string> result;
    const auto overlaps = [](const auto& file) { return !file->overlaps.empty(); };
    if (const auto count = std::ranges::count_if(files_, overlaps); count > 0) {
        const File& first = **std::ranges::find_if(files_, overlaps);
        result.push_back(fmt::format(
            "{} of {} files begin before an earlier one ended (first: {}, before {} ended): joined "
            "by the time of receipt",
            count, files_.size(), first.path, first.overlaps));
    }
    for (const auto& file : files_) {
        for (const auto& notice : file->notices) {
            result.push_back(fmt::format("{}: {}", file->path, notice));
        }
        if (file->repeated > 0) {
            result.push_back(fmt::format("{}: {} record(s) stand in another of the files too: taken once",
                                         file->path, file->repeated));
        }
    }
    return result;
}

}  // namespace virtuoso
