// What clients send to the simulated exchange: frames, requests, faults and addresses.
#include "sim/simulated_exchange.hpp"

#include "net/url.hpp"

#include <cstdint>
#include <string_view>

namespace {

using namespace virtuoso;

class Client final : public ServerPeer {
  public:
    void send(const SharedText&) override {}
    void hang_up() override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static sim::SimulatedExchange exchange({.symbols = 2, .seed = 1, .start = {1'795'567'266'970}});
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Client client;
    exchange.join(client, "/v5/public/linear");
    exchange.receive(client, text);
    static_cast<void>(exchange.answer({.target = text}));
    static_cast<void>(sim::Fault::parse(text, 0));
    static_cast<void>(Url::parse(text, "url"));
    exchange.leave(client);
    return 0;
}
