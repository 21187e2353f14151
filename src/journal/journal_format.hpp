// The journal's layout on disk. All integers are little-endian.
//
//   file    = header block* [index trailer]
//   header  = "VIRTJRNL" version:u32 crc:u32
//   block   = "VBLK" records:u32 raw:u32 packed:u32 first_ns:i64 last_ns:i64 payload_crc:u32 crc:u32 payload
//   payload = zstd of: channels:u16 (length:u16 text)* (received_ns:i64 connection:u32 channel:u16 size:u32
//   bytes)* index   = "VIDX" entries:u32 (offset:u64 first_ns:i64 last_ns:i64 first_record:u64)* crc:u32
//   trailer = index_offset:u64 "VIRTEND." crc:u32
//
// Blocks are self-contained: reading may start at any of them, and a damaged one costs only itself.
// The index is written on close; without it the blocks themselves are walked.
#pragma once

#include <zlib.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso::journal_format {

static_assert(std::endian::native == std::endian::little, "the journal is written as memory stands");

inline constexpr std::string_view file_magic = "VIRTJRNL";
inline constexpr std::string_view block_magic = "VBLK";
inline constexpr std::string_view index_magic = "VIDX";
inline constexpr std::string_view trailer_magic = "VIRTEND.";
inline constexpr std::uint32_t version = 1;

inline constexpr std::size_t file_header_bytes = 16;
inline constexpr std::size_t block_header_bytes = 40;
inline constexpr std::size_t trailer_bytes = 20;
inline constexpr std::size_t index_entry_bytes = 32;
inline constexpr std::size_t record_header_bytes = 18;

/// A block is closed when it holds this much; one record may exceed it.
inline constexpr std::size_t block_target_bytes = std::size_t{1} << 20;
/// Larger claims are taken for damage.
inline constexpr std::size_t block_bytes_max = std::size_t{1} << 26;

[[nodiscard]] inline std::uint32_t checksum(std::span<const char> bytes) {
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <typename T>
void put(std::string& out, T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}

template <typename T>
[[nodiscard]] T get(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof(T));
    return value;
}

}  // namespace virtuoso::journal_format
