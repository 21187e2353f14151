#include "support/counted_memory.hpp"

#include <array>
#include <cstdlib>
#include <new>

// With sanitizers GCC inlines the replacements halfway and takes free() for a mismatch.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace virtuoso::test {

namespace {

/// In front of every block; keeps the alignment that operator new promises.
struct alignas(std::max_align_t) Header {
    std::size_t size;
    MemoryOwner owner;
};

std::array<std::int64_t, memory_owners> live{};
std::uint64_t asked = 0;
MemoryOwner current = MemoryOwner::program;

std::int64_t& live_of(MemoryOwner owner) noexcept {
    return live[static_cast<std::size_t>(owner)];
}

void* take(std::size_t size) noexcept {
    void* const block = std::malloc(size + sizeof(Header));
    if (block == nullptr) {
        return nullptr;
    }
    auto* const header = ::new (block) Header{size, current};
    ++asked;
    live_of(current) += static_cast<std::int64_t>(size);
    return header + 1;
}

void give_back(void* memory) noexcept {
    if (memory == nullptr) {
        return;
    }
    auto* const header = static_cast<Header*>(memory) - 1;
    live_of(header->owner) -= static_cast<std::int64_t>(header->size);
    std::free(header);
}

}  // namespace

std::int64_t live_bytes(MemoryOwner owner) noexcept {
    return live_of(owner);
}

std::uint64_t allocations() noexcept {
    return asked;
}

MemoryScope::MemoryScope(MemoryOwner owner) noexcept : before_(current) {
    current = owner;
}

MemoryScope::~MemoryScope() {
    current = before_;
}

}  // namespace virtuoso::test

void* operator new(std::size_t size) {
    if (void* const memory = virtuoso::test::take(size)) {
        return memory;
    }
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return virtuoso::test::take(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return virtuoso::test::take(size);
}
void operator delete(void* memory) noexcept {
    virtuoso::test::give_back(memory);
}
void operator delete[](void* memory) noexcept {
    virtuoso::test::give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    virtuoso::test::give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    virtuoso::test::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    virtuoso::test::give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    virtuoso::test::give_back(memory);
}
