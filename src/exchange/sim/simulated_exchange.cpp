#include "exchange/sim/simulated_exchange.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace virtuoso::sim {

namespace {

constexpr std::array stream_faults{FaultKind::disconnect, FaultKind::silence,   FaultKind::delay,
                                   FaultKind::duplicate,  FaultKind::drop,      FaultKind::reorder,
                                   FaultKind::malformed,  FaultKind::truncated, FaultKind::gap};

std::uint64_t number_of(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string corrupted(const std::string& frame, FaultKind kind, SeededRandom& random) {
    std::string text = frame;
    if (kind == FaultKind::truncated) {
        text.resize(1 + random.below(text.size() - 1));
    } else {
        // A control byte is allowed nowhere in JSON.
        text[random.below(text.size())] = '\x01';
    }
    return text;
}

}  // namespace

struct SimulatedExchange::Subscribed {
    std::unique_ptr<SimTopic> topic;
    std::vector<Client*> clients;
};

struct SimulatedExchange::Client {
    struct Late {
        std::int64_t due_ms;
        FrameText frame;
    };
    SimClient* peer = nullptr;
    std::uint64_t number = 0;
    std::vector<std::string> topics;
    std::size_t arguments_length = 0;
    std::int64_t silent_until_ms = 0;
    FrameText held;  ///< reordered: goes out after the next frame
    std::vector<Late> late;
    bool gone = false;
};

SimulatedExchange::SimulatedExchange(SimExchangeOptions options)
    : model_(options.symbols, options.seed, options.start),
      rest_(model_),
      faults_(options.seed),
      now_ms_(options.start.ms),
      by_symbol_(options.symbols) {}

SimulatedExchange::~SimulatedExchange() = default;

// ---- time ----

void SimulatedExchange::advance(std::int64_t now_ms) {
    for (std::int64_t slot = candle_start(now_ms_, slot_ms) + slot_ms; slot <= now_ms; slot += slot_ms) {
        model_.advance(slot);
        now_ms_ = slot;
        publish(slot);
        send_due();
    }
}

// Trades go before the books they changed, and candles last.
void SimulatedExchange::publish(std::int64_t slot) {
    for (std::size_t symbol = 0; symbol < by_symbol_.size(); ++symbol) {
        for (Subscribed* const subscribed : by_symbol_[symbol]) {
            const bool trading = subscribed->topic->market().instrument().trading;
            if (trading && slot % subscribed->topic->every_ms() == 0) {
                publish_topic(*subscribed, slot);
            }
        }
        SymbolMarket& market = model_.market(symbol);
        if (slot % 20 == 0) {
            market.forget_trades();
        }
        if (slot % 500 == 0) {
            market.forget_liquidations();
        }
    }
}

void SimulatedExchange::publish_topic(Subscribed& subscribed, std::int64_t slot) {
    const std::string& name = subscribed.topic->name();
    if (auto* const book = dynamic_cast<BookTopic*>(subscribed.topic.get());
        book != nullptr && faults_.strike(std::array{FaultKind::restart}, name, slot)) {
        book->restart();
    }
    frames_.clear();
    subscribed.topic->publish(slot, frames_);
    for (auto& text : frames_) {
        const auto frame = std::make_shared<const std::string>(std::move(text));
        for (Client* const client : subscribed.clients) {
            send(*client, frame, name);
        }
    }
}

// ---- sending ----

void SimulatedExchange::deliver(Client& client, const FrameText& frame) {
    if (!client.gone && now_ms_ >= client.silent_until_ms) {
        ++frames_sent_;
        client.peer->deliver(frame);
    }
}

void SimulatedExchange::send_later(Client& client, const FrameText& frame, std::int64_t delay_ms) {
    client.late.push_back({now_ms_ + delay_ms, frame});
}

void SimulatedExchange::send(Client& client, const FrameText& frame, std::string_view topic) {
    const auto fault = faults_.strike(stream_faults, topic, now_ms_);
    if (!fault || (fault->kind == FaultKind::gap && !topic.starts_with("orderbook"))) {
        deliver(client, frame);
        if (const FrameText held = std::exchange(client.held, nullptr)) {
            deliver(client, held);
        }
        return;
    }
    switch (fault->kind) {
        case FaultKind::disconnect:
            if (!std::exchange(client.gone, true)) {
                client.peer->hang_up();
            }
            break;
        case FaultKind::silence:
            client.silent_until_ms = now_ms_ + fault->value;
            break;
        case FaultKind::delay:
            send_later(client, frame, fault->value);
            break;
        case FaultKind::duplicate:
            deliver(client, frame);
            deliver(client, frame);
            break;
        case FaultKind::reorder:
            if (client.held) {
                deliver(client, frame);
            } else {
                client.held = frame;
            }
            break;
        case FaultKind::malformed:
        case FaultKind::truncated:
            deliver(client,
                    std::make_shared<const std::string>(corrupted(*frame, fault->kind, faults_.random())));
            break;
        default:
            break;  // drop, gap
    }
}

void SimulatedExchange::send_due() {
    for (const auto& client : clients_) {
        for (std::size_t i = 0; i < client->late.size();) {
            if (client->late[i].due_ms > now_ms_) {
                ++i;
                continue;
            }
            const FrameText frame = client->late[i].frame;
            client->late.erase(client->late.begin() + static_cast<std::ptrdiff_t>(i));
            deliver(*client, frame);
        }
    }
}

// ---- clients ----

void SimulatedExchange::join(SimClient& client) {
    auto joined = std::make_unique<Client>();
    joined->peer = &client;
    joined->number = ++next_connection_;
    clients_.push_back(std::move(joined));
}

void SimulatedExchange::leave(SimClient& peer) {
    Client* const client = find(peer);
    if (client == nullptr) {
        return;
    }
    for (const auto& name : client->topics) {
        std::erase(topics_.find(name)->second->clients, client);
    }
    std::erase_if(clients_, [&](const auto& other) { return other.get() == client; });
}

SimulatedExchange::Client* SimulatedExchange::find(SimClient& peer) {
    for (const auto& client : clients_) {
        if (client->peer == &peer) {
            return client.get();
        }
    }
    return nullptr;
}

void SimulatedExchange::reply(Client& client, bool success, std::string_view message,
                              std::string_view request_id, std::string_view operation) {
    const nlohmann::json id = request_id;
    const nlohmann::json text = message;
    deliver(client, std::make_shared<const std::string>(fmt::format(
                        R"({{"success":{},"ret_msg":{},"conn_id":"sim-{:08x}","req_id":{},"op":"{}"}})",
                        success, text.dump(), client.number, id.dump(), operation)));
}

void SimulatedExchange::receive(SimClient& peer, std::string_view text) {
    Client* const client = find(peer);
    if (client == nullptr) {
        return;
    }
    const auto request = nlohmann::json::parse(text, nullptr, false);
    if (!request.is_object()) {
        reply(*client, false, "Invalid JSON", "", "");
        return;
    }
    const auto text_at = [&](const char* name) {
        const auto found = request.find(name);
        return found != request.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    const std::string operation = text_at("op");
    const std::string request_id = text_at("req_id");
    if (operation == "ping") {
        reply(*client, true, "pong", request_id, "ping");
        return;
    }
    std::vector<std::string> topics;
    if (const auto found = request.find("args"); found != request.end() && found->is_array()) {
        for (const auto& topic : *found) {
            if (topic.is_string()) {
                topics.push_back(topic.get<std::string>());
            }
        }
    }
    if (operation == "subscribe") {
        subscribe(*client, topics, request_id);
    } else if (operation == "unsubscribe") {
        unsubscribe(*client, topics, request_id);
    } else {
        reply(*client, false, fmt::format("error:Invalid op,op:{}", operation), request_id, operation);
    }
}

SimulatedExchange::Subscribed* SimulatedExchange::topic_named(const std::string& name) {
    if (const auto found = topics_.find(name); found != topics_.end()) {
        return found->second.get();
    }
    SymbolMarket* const market = model_.find(SimTopic::symbol_of(name));
    if (market == nullptr || !market->instrument().trading) {
        return nullptr;
    }
    auto topic = SimTopic::make(name, *market);
    if (!topic) {
        return nullptr;
    }
    auto subscribed = std::make_unique<Subscribed>();
    subscribed->topic = std::move(topic);
    const std::size_t index = market->instrument().index;
    by_symbol_.resize(std::max(by_symbol_.size(), index + 1));
    auto& list = by_symbol_[index];
    // Trades first, candles last; within that as they came.
    const auto order = [](const std::string& topic_name) {
        return topic_name.starts_with("publicTrade") ? 0 : topic_name.starts_with("kline") ? 2 : 1;
    };
    const auto place = std::find_if(list.begin(), list.end(), [&](const Subscribed* other) {
        return order(other->topic->name()) > order(name);
    });
    list.insert(place, subscribed.get());
    return topics_.emplace(name, std::move(subscribed)).first->second.get();
}

std::string SimulatedExchange::refusal_of(const Client& client, const std::vector<std::string>& topics) {
    if (topics.empty()) {
        return "error:args is empty";
    }
    std::size_t length = client.arguments_length;
    for (const auto& name : topics) {
        length += name.size() + 3;
        const SymbolMarket* const market = model_.find(SimTopic::symbol_of(name));
        const bool listed = market != nullptr && market->instrument().trading;
        if (!listed || topic_named(name) == nullptr) {
            return fmt::format("error:handler not found,topic:{}", name);
        }
        if (std::find(client.topics.begin(), client.topics.end(), name) != client.topics.end()) {
            return fmt::format("error:already subscribed,topic:{}", name);
        }
    }
    if (length > arguments_length_max) {
        return fmt::format("error:args size exceeds {}", arguments_length_max);
    }
    if (const auto fault = faults_.strike(std::array{FaultKind::refuse}, topics.front(), now_ms_)) {
        return fmt::format("error:request rejected,topic:{}", topics.front());
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
        Subscribed& subscribed = *topic_named(name);
        std::string snapshot = subscribed.topic->snapshot(now_ms_);
        if (const auto* const book = dynamic_cast<const BookTopic*>(subscribed.topic.get());
            book != nullptr && !book->stale_snapshot().empty() &&
            faults_.strike(std::array{FaultKind::stale_snapshot}, name, now_ms_)) {
            snapshot = book->stale_snapshot();
        }
        client.topics.push_back(name);
        client.arguments_length += name.size() + 3;
        subscribed.clients.push_back(&client);
        if (!snapshot.empty()) {
            send(client, std::make_shared<const std::string>(std::move(snapshot)), name);
        }
    }
}

void SimulatedExchange::unsubscribe(Client& client, const std::vector<std::string>& topics,
                                    std::string_view request_id) {
    for (const auto& name : topics) {
        if (std::erase(client.topics, name) > 0) {
            client.arguments_length -= name.size() + 3;
            std::erase(topics_.find(name)->second->clients, &client);
        }
    }
    reply(client, true, "", request_id, "unsubscribe");
}

const BookTopic* SimulatedExchange::book_topic(std::string_view name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : dynamic_cast<const BookTopic*>(found->second->topic.get());
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

SimAnswer SimulatedExchange::answer(std::string_view method, std::string_view target, std::string_view body) {
    if (target.starts_with("/admin/")) {
        return {admin(method, target.substr(7), body), 0};
    }
    SimAnswer answer;
    const auto strike = [&](FaultKind kind) { return faults_.strike(std::array{kind}, target, now_ms_); };
    if (const auto slow = strike(FaultKind::slow_body)) {
        answer.delay_ms = slow->value;
    }
    const std::string reset = std::to_string(clock_ms() + 1'000);
    if (strike(FaultKind::http_403)) {
        answer.http = {.status = 403, .headers = {}, .body = "403 Forbidden: access too frequent"};
    } else if (strike(FaultKind::http_429)) {
        answer.http = {.status = 429,
                       .headers = {{"X-Bapi-Limit", "600"},
                                   {"X-Bapi-Limit-Status", "0"},
                                   {"X-Bapi-Limit-Reset-Timestamp", reset}},
                       .body = "too many requests"};
    } else if (strike(FaultKind::http_500)) {
        answer.http = {.status = 500, .headers = {}, .body = "internal error"};
    } else if (strike(FaultKind::rate_code)) {
        answer.http = {.status = 200,
                       .headers = {{"X-Bapi-Limit-Reset-Timestamp", reset}},
                       .body = fmt::format(R"({{"retCode":10006,"retMsg":"Too many visits!","result":{{}},)"
                                           R"("retExtInfo":{{}},"time":{}}})",
                                           clock_ms())};
    } else {
        answer.http = rest_.answer(target, clock_ms());
        if (strike(FaultKind::broken_body) && !answer.http.body.empty()) {
            answer.http.body.resize(answer.http.body.size() / 2);
        }
    }
    return answer;
}

HttpAnswer SimulatedExchange::admin(std::string_view method, std::string_view path, std::string_view body) {
    const auto text = [](int status, const std::string& message) {
        return HttpAnswer{
            .status = status, .headers = {{"Content-Type", "text/plain"}}, .body = message + "\n"};
    };
    if (path == "faults" && method == "GET") {
        std::string list;
        for (const Fault& fault : faults_.active()) {
            list += fault.text() + "\n";
        }
        return text(200, list + fmt::format("struck {}", faults_.struck()));
    }
    if (path.starts_with("truth?") && method == "GET") {
        const RestRequest request(path);
        const BookTopic* const book = book_topic(request.parameter("topic"));
        std::string list;
        for (const std::uint64_t digest : book == nullptr
                                              ? std::vector<std::uint64_t>{}
                                              : book->top_truths(number_of(request.parameter("u")))) {
            list += fmt::format("{:016x}\n", digest);
        }
        return text(200, list);
    }
    if (method != "POST") {
        return text(405,
                    "POST /admin/faults with a fault such as drop:p=0.01,match=orderbook; POST "
                    "/admin/clear, /admin/list or /admin/delist; GET /admin/faults, "
                    "/admin/truth?topic=T&u=N");
    }
    if (path == "faults") {
        const auto fault = Fault::parse(body, now_ms_);
        if (!fault) {
            return text(400, fault.error().text());
        }
        faults_.add(*fault);
        return text(200, "added " + fault->text());
    }
    if (path == "clear") {
        faults_.clear();
        return text(200, "no faults");
    }
    if (path == "list" && !body.empty()) {
        model_.list(std::string(body));
        by_symbol_.resize(std::max(by_symbol_.size(), model_.size()));
        return text(200, fmt::format("{} is trading", body));
    }
    if (path == "delist" && model_.find(body) != nullptr) {
        delist(body);
        return text(200, fmt::format("{} is no longer trading", body));
    }
    return text(404, fmt::format("/admin/{} with {} is not known", path, in_quotes(body)));
}

}  // namespace virtuoso::sim
