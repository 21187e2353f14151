#include "sim/simulated_exchange.hpp"

#include "sim/admin.hpp"
#include "sim/bybit_request.hpp"
#include "sim/http_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace virtuoso::sim {

namespace {

std::uint64_t number_of(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

SimulatedExchange::SimulatedExchange(SimExchangeOptions options)
    : model_(options.symbols, options.seed, options.start, options.activity),
      rest_(model_),
      account_(model_),
      faults_(options.seed),
      now_ms_(options.start.ms),
      hub_(faults_, now_ms_),
      topics_(model_, hub_, [](const std::string& name, MarketModel& model) {
          SymbolMarket* const market = model.find(SimTopic::symbol_of(name));
          return market == nullptr ? nullptr : SimTopic::make(name, *market);
      }) {
    hub_.set_lifetime(options.connection_lifetime_ms);
}

// ---- time ----

void SimulatedExchange::advance(std::int64_t now_ms) {
    for (std::int64_t slot = candle_start(now_ms_, slot_ms) + slot_ms; slot <= now_ms; slot += slot_ms) {
        model_.advance(slot);
        now_ms_ = slot;
        hub_.advance(slot);
        topics_.publish(slot, [this](SimTopic& topic) {
            auto* const book = dynamic_cast<BookTopic*>(&topic);
            if (book != nullptr && faults_.strike(std::array{FaultKind::restart}, topic.name(), now_ms_)) {
                book->restart();
            }
        });
    }
}

// ---- clients ----

void SimulatedExchange::reply(Client& client, bool success, std::string_view message,
                              std::string_view request_id, std::string_view operation) {
    const BybitReply reply{.success = success,
                           .message = message,
                           .connection = client.number,
                           .request_id = request_id,
                           .operation = operation};
    hub_.deliver(client, std::make_shared<const std::string>(reply.text()));
}

void SimulatedExchange::receive(ServerPeer& peer, std::string_view text) {
    Client* const client = hub_.find(peer);
    if (client == nullptr) {
        return;
    }
    const BybitRequest request = BybitRequest::read(text);
    if (!request.readable) {
        reply(*client, false, "Invalid JSON", "", "");
    } else if (request.operation == "ping") {
        reply(*client, true, "pong", request.id, "ping");
    } else if (request.operation == "subscribe") {
        subscribe(*client, request.topics, request.id);
    } else if (request.operation == "unsubscribe") {
        unsubscribe(*client, request.topics, request.id);
    } else {
        reply(*client, false, fmt::format("error:Invalid op,op:{}", request.operation), request.id,
              request.operation);
    }
}

std::string SimulatedExchange::refusal_of(const Client& client, const std::vector<std::string>& topics) {
    if (topics.empty()) {
        return "error:args is empty";
    }
    std::size_t length = client.arguments_length;
    for (const auto& name : topics) {
        length += name.size() + 3;
        if (topics_.topic_named(name) == nullptr) {
            return fmt::format("error:handler not found,topic:{}", name);
        }
        if (StreamHub::hears(client, name)) {
            return fmt::format("error:already subscribed,topic:{}", name);
        }
    }
    if (length > arguments_length_max) {
        return fmt::format("error:args size exceeds {}", arguments_length_max);
    }
    if (const auto struck = faults_.strike_one(FaultKind::refuse, topics, now_ms_)) {
        return fmt::format("error:request rejected,topic:{}", topics[*struck]);
    }
    return {};
}

void SimulatedExchange::subscribe(Client& client, const std::vector<std::string>& topics,
                                  std::string_view request_id) {
    if (const std::string refusal = refusal_of(client, topics); !refusal.empty()) {
        reply(client, false, refusal, request_id, "subscribe");
        return;
    }
    reply(client, true, "", request_id, "subscribe");
    for (const auto& name : topics) {
        SimTopic& topic = *topics_.topic_named(name);
        std::string snapshot = topic.snapshot(now_ms_);
        if (const auto* const book = dynamic_cast<const BookTopic*>(&topic);
            book != nullptr && !book->stale_snapshot().empty() &&
            faults_.strike(std::array{FaultKind::stale_snapshot}, name, now_ms_)) {
            snapshot = book->stale_snapshot();
        }
        hub_.subscribe(client, name);
        if (!snapshot.empty()) {
            hub_.send(client, std::make_shared<const std::string>(std::move(snapshot)), name);
        }
    }
}

void SimulatedExchange::unsubscribe(Client& client, const std::vector<std::string>& topics,
                                    std::string_view request_id) {
    for (const auto& name : topics) {
        hub_.unsubscribe(client, name);
    }
    reply(client, true, "", request_id, "unsubscribe");
}

const BookTopic* SimulatedExchange::book_topic(std::string_view name) const {
    return dynamic_cast<const BookTopic*>(topics_.find(name));
}

void SimulatedExchange::delist(std::string_view symbol) {
    if (SymbolMarket* const market = model_.find(symbol)) {
        market->instrument().trading = false;
    }
}

// ---- HTTP ----

bool SimulatedExchange::tls_fails() {
    return faults_.strike(std::array{FaultKind::tls}, "", now_ms_).has_value();
}

ServerAnswer SimulatedExchange::answer(const ServerRequest& request) {
    if (is_admin(request.target)) {
        const AdminAccess access{.faults = faults_,
                                 .hub = hub_,
                                 .now_ms = now_ms_,
                                 .model = &model_,
                                 .truth = [this](std::string_view topic, std::string_view update_id) {
                                     return truth_of(topic, update_id);
                                 }};
        return {answer_admin(access, request), 0};
    }
    return answer_with_faults(faults_, request, now_ms_, [&](std::int64_t clock_ms) {
        return AccountService::serves(request.target) ? account_.answer(request, clock_ms)
                                                      : rest_.answer(request.target, clock_ms);
    });
}

std::string SimulatedExchange::truth_of(std::string_view topic, std::string_view update_id) const {
    const BookTopic* const book = book_topic(topic);
    std::string list;
    for (const std::uint64_t digest :
         book == nullptr ? std::vector<std::uint64_t>{} : book->top_truths(number_of(update_id))) {
        list += fmt::format("{:016x}\n", digest);
    }
    return list;
}

}  // namespace virtuoso::sim
