#include "stream_examination.hpp"

#include "exchange/field_drift.hpp"
#include "live_connection.hpp"

#include <algorithm>
#include <memory>

namespace virtuoso::app {

namespace {

constexpr std::int64_t slice_ms = 10;

/// One connection: subscribes when it opens, and notes what comes.
class Examination final : public StreamListener {
  public:
    Examination(AsioTransport& transport, const Clock& clock, const ExchangeDialect& dialect,
                const RouteQuestion& question)
        : clock_(clock), dialect_(dialect), codec_(dialect.stream_codec()), begun_(clock.now()) {
        finding_.path = question.path;
        for (const bool rare : {false, true}) {
            for (const auto& topic : rare ? question.rare : question.topics) {
                TopicFinding& each = finding_.topics.emplace_back();
                each.topic = topic;
                each.kind = dialect.kind_of(topic);
                each.rare = rare;
            }
        }
        connection_ = transport.connect(question.path, *this);
    }

    void on_open() override {
        finding_.opened = true;
        finding_.opened_ms = since(begun_);
        opened_ = clock_.now();
        // One request a topic: a refusal tells which one it is of.
        for (std::size_t i = 0; i < finding_.topics.size(); ++i) {
            connection_->send(
                dialect_.request_text(true, std::to_string(i + 1), {&finding_.topics[i].topic, 1}));
        }
    }
    void on_frame(PaddedFrame frame, LocalTime) override {
        const auto decoded = codec_->decode(frame);
        if (!decoded) {
            note_refused(frame, decoded.error());
            return;
        }
        if (decoded->kind == FrameKind::market || !decoded->topic.empty()) {
            note_data(frame, *decoded);
        } else if (TopicFinding* const asked = asked_as(decoded->request_id)) {
            asked->acknowledged = decoded->kind == FrameKind::subscribed;
            if (decoded->kind == FrameKind::subscription_failed) {
                asked->refusal = decoded->detail;
            }
        }
    }
    void on_close(const Error& error) override { finding_.trouble = error.message; }

    [[nodiscard]] bool is_done() const {
        return !finding_.trouble.empty() ||
               (finding_.opened && std::ranges::none_of(finding_.topics, &TopicFinding::is_missing));
    }
    [[nodiscard]] RouteFinding take() {
        connection_.reset();
        return std::move(finding_);
    }

  private:
    [[nodiscard]] double since(LocalTime time) const {
        return static_cast<double>(clock_.now() - time) / 1e6;
    }
    [[nodiscard]] TopicFinding* named(std::string_view topic) {
        const auto found = std::ranges::find(finding_.topics, topic, &TopicFinding::topic);
        return found == finding_.topics.end() ? nullptr : &*found;
    }
    [[nodiscard]] TopicFinding* asked_as(std::string_view id) {
        for (std::size_t i = 0; i < finding_.topics.size(); ++i) {
            if (id == std::to_string(i + 1)) {
                return &finding_.topics[i];
            }
        }
        return nullptr;
    }
    void note_data(PaddedFrame frame, const DecodedFrame& decoded) {
        TopicFinding* const topic = named(decoded.topic);
        if (topic == nullptr) {
            return;
        }
        if (topic->frames++ == 0) {
            topic->first_ms = since(opened_);
        }
        const auto known = dialect_.known_fields(topic->kind);
        if (const auto names = unknown_fields(frame, known)) {
            topic->unknown_fields.insert(names->begin(), names->end());
        }
    }
    /// What cannot be read names its topic all the same.
    void note_refused(PaddedFrame frame, const Error& error) {
        for (auto& topic : finding_.topics) {
            if (frame.text().find('"' + topic.topic + '"') != std::string_view::npos) {
                topic.refusal = error.text();
            }
        }
    }

    const Clock& clock_;
    const ExchangeDialect& dialect_;
    std::unique_ptr<StreamCodec> codec_;
    LocalTime begun_;
    LocalTime opened_;
    RouteFinding finding_;
    std::unique_ptr<StreamConnection> connection_;
};

}  // namespace

std::vector<RouteQuestion> questions_about(const ExchangeDialect& dialect, const std::string& symbol,
                                           int book_depth) {
    std::vector<RouteQuestion> questions;
    for (const auto& route : dialect.stream_routes()) {
        questions.push_back({.path = std::string(route.path), .topics = {}, .rare = {}});
    }
    const SymbolTopics topics = dialect.topics_of(symbol, book_depth);
    for (const auto& topic : topics.all()) {
        RouteQuestion& question = questions[dialect.route_of(topic)];
        const bool rare = std::ranges::find(topics.rare, topic) != topics.rare.end();
        (rare ? question.rare : question.topics).push_back(topic);
    }
    return questions;
}

std::vector<RouteQuestion> questions_at(const ExchangeDialect& dialect, const std::string& symbol,
                                        int book_depth, std::string path) {
    RouteQuestion all{.path = std::move(path), .topics = {}, .rare = {}};
    for (const auto& each : questions_about(dialect, symbol, book_depth)) {
        all.topics.insert(all.topics.end(), each.topics.begin(), each.topics.end());
        all.rare.insert(all.rare.end(), each.rare.begin(), each.rare.end());
    }
    return {all};
}

std::vector<RouteFinding> examine_routes(AsioTransport& transport, const Clock& clock,
                                         const ExchangeDialect& dialect,
                                         const std::vector<RouteQuestion>& questions, std::int64_t limit_ms) {
    std::vector<std::unique_ptr<Examination>> examinations;
    examinations.reserve(questions.size());
    for (const auto& question : questions) {
        examinations.push_back(std::make_unique<Examination>(transport, clock, dialect, question));
    }
    const LocalTime begun = clock.now();
    const auto is_done = [](const auto& each) { return each->is_done(); };
    while (!std::ranges::all_of(examinations, is_done) && clock.now() - begun < limit_ms * 1'000'000) {
        transport.run_for(slice_ms);
    }
    std::vector<RouteFinding> findings;
    findings.reserve(examinations.size());
    for (const auto& each : examinations) {
        findings.push_back(each->take());
    }
    return findings;
}

}  // namespace virtuoso::app
