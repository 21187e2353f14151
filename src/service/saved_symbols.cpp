#include "service/saved_symbols.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::string_view name_begin = "symbols-";
constexpr std::string_view saved_end = ".saved";
constexpr std::string_view resumed_end = ".resumed";

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (name.starts_with(name_begin) && (name.ends_with(saved_end) || name.ends_with(resumed_end))) {
            found.push_back(at->path());
        }
    }
    std::ranges::sort(found);
    return found;
}

/// It is open and can be read whatever becomes of its name.
void note_use(const std::filesystem::path& path) {
    std::error_code left_as_it_is;
    if (path.extension() == resumed_end) {
        std::filesystem::remove(path, left_as_it_is);
    } else {
        std::filesystem::rename(path, std::filesystem::path(path).replace_extension(resumed_end),
                                left_as_it_is);
    }
}

}  // namespace

std::string saved_file_name(std::uint32_t shard) {
    return fmt::format("{}{}{}", name_begin, shard, saved_end);
}

std::string resumed_file_name(std::uint32_t shard) {
    return fmt::format("{}{}{}", name_begin, shard, resumed_end);
}

SavedSymbols::SavedSymbols(const std::filesystem::path& folder, std::string_view source,
                           const std::function<void(std::string)>& notice) {
    const auto paths = files_of(folder);
    for (const auto& path : paths) {
        auto file = SavedFileReader::open(path, source);
        if (!file) {
            notice(fmt::format("{}: its symbols begin with nothing", file.error().message));
            continue;
        }
        if (!file->whole()) {
            notice(fmt::format("{} is damaged behind its first {} symbols", in_quotes(path.string()),
                               file->entries().size()));
        }
        for (const SavedEntry& entry : file->entries()) {
            const auto known = places_.find(entry.symbol);
            if (known == places_.end() || known->second.entry.known.until < entry.known.until) {
                places_.insert_or_assign(entry.symbol, Place{files_.size(), entry});
            }
        }
        files_.push_back(std::move(*file));
    }
    for (const auto& path :
         paths) {  // in their order: a shard's older file has left the name that its newer takes
        note_use(path);
    }
}

std::optional<SavedSymbol> SavedSymbols::take(std::string_view symbol) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(symbol);
    if (found == places_.end()) {
        return std::nullopt;
    }
    const Place place = std::move(found->second);
    places_.erase(found);
    auto form = files_[place.file].form_of(place.entry);
    if (places_.empty()) {
        files_.clear();
    }
    return form ? std::optional(SavedSymbol{std::string(symbol), place.entry.known, std::move(*form)})
                : std::nullopt;
}

std::size_t SavedSymbols::size() const {
    const std::lock_guard lock(mutex_);
    return places_.size();
}

}  // namespace virtuoso
