// Any bytes are an address of a store or refused; what is shown of one is an address again, without a secret.
#include "store/store_address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto address = virtuoso::StoreAddress::parse(text);
    if (!address) {
        return 0;
    }
    const auto again = virtuoso::StoreAddress::parse(address->shown());
    if (!again || again->shown() != address->shown() || (size > 0 && address->cleaned(text).empty())) {
        __builtin_trap();
    }
    return 0;
}
