#include "engine/record_census.hpp"

namespace virtuoso {

void RecordCensus::take(const RawRecord& record) {
    ++records_;
    const auto refuse = [this](const Error& error) {
        Refused& refused = refused_[error.code];
        if (refused.count++ == 0) {
            refused.first_message = error.message;
        }
    };
    SourceDecoders::Source& source = sources_.of(record.channel);
    if (!source.decoder) {
        refuse(source.error);
        return;
    }
    const auto events = source.decoder->decode(record.channel, record.frame);
    if (!events) {
        refuse(events.error());
        return;
    }
    understood_ += events->empty() && !source.decoder->gathers() ? 0U : 1U;
    for (const auto& event : *events) {
        if (symbols_.size() < symbols_max && !symbols_.contains(event.symbol)) {
            symbols_.emplace(event.symbol);
        }
    }
}

}  // namespace virtuoso
