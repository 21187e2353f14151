#include "journal/mapped_file.hpp"

#include "journal/input_file.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace virtuoso {

Result<MappedFile> MappedFile::open(const std::string& path) {
    const auto file = open_input(path);
    return file ? of(file->value(), path) : std::unexpected(file.error());
}

Result<MappedFile> MappedFile::of(int file, const std::string& path) {
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0;
    const auto size = known ? static_cast<std::size_t>(status.st_size) : 0;
    if (known && size == 0) {
        return MappedFile(nullptr, 0);
    }
    void* const data = known ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    if (data == MAP_FAILED) {
        const int reason = errno;
        return fail(ErrorCode::file_open,
                    fmt::format("cannot open {}: {}", in_quotes(path), system_reason(reason)));
    }
    return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::~MappedFile() {
    if (data_ != nullptr) {
        ::munmap(const_cast<char*>(data_), size_);
    }
}

}  // namespace virtuoso
