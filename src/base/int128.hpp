// 128-bit integers for exact sums of sizes and of price × size products.
#pragma once

namespace virtuoso {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

}  // namespace virtuoso
