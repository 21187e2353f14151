// The one file within a zip archive.
#pragma once

#include "journal/byte_source.hpp"
#include "journal/mapped_file.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace virtuoso {

/// Where a file lies within an archive.
struct ZipEntry {
    std::string name;
    std::size_t offset = 0;  ///< of its packed bytes
    std::size_t packed = 0;  ///< as many as there are when the archive was cut
    bool deflated = true;
    std::optional<std::uint32_t> checksum{};  ///< of the file
};

/// The one file of an archive; folders and what systems add to archives do not count. Where the directory at
/// its end is missing, the first file. Error: file_format, which tells why there is none.
[[nodiscard]] Result<ZipEntry> zip_entry(std::span<const char> archive);

class ZipSource final : public ByteSource {
  public:
    [[nodiscard]] static Result<std::unique_ptr<ByteSource>> open(const std::string& path);
    ZipSource(MappedFile file, ZipEntry entry);
    ~ZipSource() override;

    [[nodiscard]] Result<std::size_t> read(char* into, std::size_t room) override;
    [[nodiscard]] double progress() const override;
    [[nodiscard]] bool cut() const noexcept override { return cut_; }

  private:
    struct Inflater;

    [[nodiscard]] std::size_t copy(char* into, std::size_t room);
    [[nodiscard]] Result<std::size_t> inflate(char* into, std::size_t room);
    [[nodiscard]] Result<std::size_t> end();

    MappedFile file_;
    ZipEntry entry_;
    std::span<const char> packed_;
    std::size_t taken_ = 0;
    std::uint32_t checksum_ = 0;
    bool ended_ = false;
    bool cut_ = false;
    std::unique_ptr<Inflater> inflater_;
};

}  // namespace virtuoso
