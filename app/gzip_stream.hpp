// What is printed, compressed.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace virtuoso::app {

/// One gzip member, made piece by piece in bounded memory.
class GzipStream {
  public:
    GzipStream();
    ~GzipStream();
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;

    /// What of the compressed bytes is ready.
    [[nodiscard]] std::string add(std::string_view text) { return compress(text, false); }
    /// The rest of them.
    [[nodiscard]] std::string finish() { return compress({}, true); }

  private:
    [[nodiscard]] std::string compress(std::string_view text, bool last);
    std::unique_ptr<z_stream_s> stream_;
};

}  // namespace virtuoso::app
