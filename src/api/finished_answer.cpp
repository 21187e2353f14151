#include "api/finished_answer.hpp"

#include "api/request_headers.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t worth_gzip = 1'024;

/// 96 bits of SHA-256.
std::string tag_of(std::string_view body) {
    constexpr std::size_t kept_bytes = 12;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data());
    std::string tag;
    for (std::size_t i = 0; i < kept_bytes; ++i) {
        fmt::format_to(std::back_inserter(tag), "{:02x}", digest[i]);
    }
    return tag;
}

/// Empty when zlib fails: the body goes out as it is.
std::string compressed(std::string_view body) {
    constexpr int gzip_window_bits = 15 + 16;
    constexpr int memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        return {};
    }
    std::string out(deflateBound(&stream, body.size()), '\0');
    std::string in(body);  // zlib's pointer is not to const
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(whole ? stream.total_out : 0);
    deflateEnd(&stream);
    return out;
}

/// The body as it is, or `gzipped`; the tag is of what goes out.
HttpAnswer finished(HttpAnswer answer, const AnswerWishes& wishes, const std::string& tag, auto gzip) {
    constexpr int ok = 200;
    constexpr int not_modified = 304;
    const bool large = answer.body.size() >= worth_gzip;
    const bool packed = large && wishes.gzip;
    if (large) {
        answer.headers.push_back({"Vary", "Accept-Encoding"});
    }
    if (answer.status == ok && wishes.reads) {
        const std::string quoted = fmt::format("\"{}{}\"", tag, packed ? "-gzip" : "");
        answer.headers.push_back({"ETag", quoted});
        if (answer.header("Cache-Control").empty()) {
            answer.headers.push_back({"Cache-Control", "private, no-cache"});
        }
        if (has_tag(wishes.known_tags, quoted)) {
            answer.status = not_modified;
            answer.body.clear();
            std::erase_if(answer.headers,
                          [](const HttpHeader& header) { return header.name == "Content-Type"; });
            return answer;
        }
    }
    if (packed) {
        if (std::string body = gzip(answer.body); !body.empty()) {
            answer.body = std::move(body);
            answer.headers.push_back({"Content-Encoding", "gzip"});
        }
    }
    return answer;
}

}  // namespace

AnswerWishes AnswerWishes::of(const ServerRequest& request) {
    return {.reads = request.method == "GET" || request.method == "HEAD",
            .gzip = takes_gzip(header_named(request.headers, "Accept-Encoding")),
            .known_tags = std::string(header_named(request.headers, "If-None-Match"))};
}

KeptBody KeptBody::of(std::string_view body) {
    return {.tag = tag_of(body), .gzipped = body.size() >= worth_gzip ? compressed(body) : std::string{}};
}

HttpAnswer finished_answer(HttpAnswer answer, const AnswerWishes& wishes) {
    if (!answer.header("ETag").empty() || answer.status == 304) {
        return answer;
    }
    const std::string tag = wishes.reads && answer.status == 200 ? tag_of(answer.body) : std::string{};
    return finished(std::move(answer), wishes, tag, compressed);
}

HttpAnswer finished_answer(HttpAnswer answer, const KeptBody& kept, const AnswerWishes& wishes) {
    return finished(std::move(answer), wishes, kept.tag, [&](std::string_view) { return kept.gzipped; });
}

}  // namespace virtuoso
