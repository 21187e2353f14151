#include "exchange/binance/known_fields.hpp"

#include <array>

namespace virtuoso::binance {

std::string_view kind_of_stream(std::string_view stream) noexcept {
    const auto at = stream.find('@');
    const auto kind = at == std::string_view::npos ? std::string_view{} : stream.substr(at + 1);
    return kind.substr(0, kind.find_first_of("@_"));
}

std::string_view known_stream_fields(std::string_view kind) noexcept {
    struct Kind {
        std::string_view name;
        std::string_view fields;
    };
    static constexpr std::array kinds{
        Kind{"depth",
             "stream data data.e data.E data.T data.s data.ps data.U data.u data.pu data.b data.a "
             "data.st"},
        Kind{"bookTicker",
             "stream data data.e data.u data.E data.T data.s data.ps data.b data.B data.a data.A data.st"},
        Kind{"trade",
             "stream data data.e data.E data.T data.s data.ps data.t data.p data.q data.X data.m data.M "
             "data.st"},
        Kind{"aggTrade",
             "stream data data.e data.E data.s data.ps data.a data.p data.q data.nq data.f data.l "
             "data.T data.m data.M data.st"},
        Kind{"kline",
             "stream data data.e data.E data.s data.ps data.st data.k data.k.t data.k.T data.k.s "
             "data.k.i data.k.f data.k.L data.k.o data.k.c data.k.h data.k.l data.k.v data.k.n "
             "data.k.x data.k.q data.k.V data.k.Q data.k.B"},
        Kind{"markPrice",
             "stream data data.e data.E data.s data.ps data.p data.ap data.i data.P data.r "
             "data.T data.st"},
        Kind{"ticker",
             "stream data data.e data.E data.s data.ps data.p data.P data.w data.c data.Q data.o "
             "data.h data.l data.v data.q data.O data.C data.F data.L data.n data.st"},
        Kind{"forceOrder",
             "stream data data.e data.E data.ps data.st data.o data.o.s data.o.ps data.o.S "
             "data.o.o data.o.f data.o.q data.o.p data.o.ap data.o.X data.o.l data.o.z "
             "data.o.T data.o.st"},
    };
    for (const auto& each : kinds) {
        if (each.name == kind) {
            return each.fields;
        }
    }
    return {};
}

}  // namespace virtuoso::binance
