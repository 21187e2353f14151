#include "gzip_stream.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace virtuoso::app {

namespace {

constexpr int gzip_form = 15 + 16;  // the largest window, with gzip's header
constexpr int memory_level = 8;

}  // namespace

GzipStream::GzipStream() : stream_(std::make_unique<z_stream_s>()) {
    const int made = deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_form, memory_level,
                                  Z_DEFAULT_STRATEGY);
    if (made != Z_OK) {
        throw std::bad_alloc();
    }
}

GzipStream::~GzipStream() {
    deflateEnd(stream_.get());
}

std::string GzipStream::compress(std::string_view text, bool last) {
    std::array<char, 16'384> room{};
    std::string compressed;
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_->avail_in = static_cast<uInt>(text.size());
    do {
        stream_->next_out = reinterpret_cast<Bytef*>(room.data());
        stream_->avail_out = static_cast<uInt>(room.size());
        deflate(stream_.get(), last ? Z_FINISH : Z_NO_FLUSH);
        compressed.append(room.data(), room.size() - stream_->avail_out);
    } while (stream_->avail_out == 0);
    return compressed;
}

}  // namespace virtuoso::app
