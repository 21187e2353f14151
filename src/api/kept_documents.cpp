#include "api/kept_documents.hpp"

namespace virtuoso {

const KeptDocuments::Document& KeptDocuments::of(const ResultPointer& result, LocalTime now,
                                                 const std::function<std::string()>& write) {
    const auto found = kept_.find(result->symbol);
    if (found != kept_.end() && found->second.result.lock() == result &&
        now - found->second.written < kept_ns) {
        return found->second.document;
    }
    if (found == kept_.end() && kept_.size() >= documents_max) {
        kept_.clear();
    }
    Kept& kept = kept_[result->symbol];
    kept.result = result;
    kept.written = now;
    kept.document.text = write();
    kept.document.body = KeptBody::of(kept.document.text);
    return kept.document;
}

}  // namespace virtuoso
