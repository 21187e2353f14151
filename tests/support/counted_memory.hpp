// Memory of this program as it stands, told apart by who asked for it. Link counted_memory.cpp, which
// replaces operator new and delete.
#pragma once

#include <cstddef>
#include <cstdint>

namespace virtuoso::test {

enum class MemoryOwner : std::uint8_t { program, exchange };
inline constexpr std::size_t memory_owners = 2;

/// Bytes asked for and not yet given back.
[[nodiscard]] std::int64_t live_bytes(MemoryOwner owner) noexcept;
/// How often memory was asked for since the start.
[[nodiscard]] std::uint64_t allocations() noexcept;

/// What is asked for during its life is the owner's, for as long as it lives.
class MemoryScope {
  public:
    explicit MemoryScope(MemoryOwner owner) noexcept;
    ~MemoryScope();
    MemoryScope(const MemoryScope&) = delete;
    MemoryScope& operator=(const MemoryScope&) = delete;

  private:
    MemoryOwner before_;
};

}  // namespace virtuoso::test
