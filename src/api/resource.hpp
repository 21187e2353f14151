// What the API consists of: one line a path.
#pragma once

#include "alert/secret.hpp"
#include "api/query.hpp"
#include "api/request_limit.hpp"
#include "net/server.hpp"
#include "present/json.hpp"
#include "service/service.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

class ConfigInForce;
class KeptDocuments;
class StartUp;
struct AnswerWishes;

/// Beyond these a client is refused, or its connection closed.
struct ApiLimits {
    RequestLimit::Rates requests = {};
    std::size_t connections = 4'096;
    std::size_t connections_per_address = 2'048;
    std::uint32_t header_bytes = 16U << 10;
    std::uint64_t body_bytes = std::uint64_t{64} << 10;
    std::size_t answer_bytes = std::size_t{64} << 20;
};

struct ApiSettings {
    std::string version;
    std::string exchange;
    std::vector<std::string> hosts;  ///< values of `Host` that are answered, without the port; else 403
    std::vector<std::string> origins = {};  ///< of other sites whose pages may ask: "https://board.example"
    const ConfigInForce* config = nullptr;  ///< outlives the API; null: it is not told
    const StartUp* start_up = nullptr;      ///< as this
    Secret token = {};                      ///< that requests have to bring; empty: none is demanded
    ApiLimits limits = {};
};

/// What a resource answers from.
struct ApiContext {
    Service& service;
    const ApiSettings& settings;
    KeptDocuments& documents;
    const AnswerWishes& wishes;  ///< of the request
};

struct Resource {
    std::string_view path;  ///< "/api/v1/symbols/{symbol}/confluence": braces stand for one part of a path
    std::span<const std::string_view> parameters = {};  ///< of its query
    /// `part`: what stands where the braces are, decoded. Null: it is not read.
    HttpAnswer (*get)(const ApiContext& context, std::string_view part, const Query& query) = nullptr;
    /// The same where the answer is found out on another thread.
    ServerAnswer (*ask)(const ApiContext& context, std::string_view part, const Query& query) = nullptr;
    /// What it is to do. Null: it only tells.
    HttpAnswer (*post)(const ApiContext& context) = nullptr;
};

[[nodiscard]] std::span<const Resource> health_resources() noexcept;
[[nodiscard]] std::span<const Resource> market_resources() noexcept;
[[nodiscard]] std::span<const Resource> keeper_resources() noexcept;
[[nodiscard]] std::span<const Resource> log_resources() noexcept;
[[nodiscard]] std::span<const Resource> process_resources() noexcept;
[[nodiscard]] std::span<const Resource> account_resources() noexcept;
[[nodiscard]] std::span<const Resource> symbol_resources() noexcept;
[[nodiscard]] std::span<const Resource> structure_resources() noexcept;
[[nodiscard]] std::span<const Resource> stored_resources() noexcept;
[[nodiscard]] std::span<const Resource> docs_resources() noexcept;
/// All of them. O(number).
[[nodiscard]] std::vector<std::reference_wrapper<const Resource>> all_resources();

/// 200 with a document.
[[nodiscard]] HttpAnswer json_answer(const Json& document);
[[nodiscard]] HttpAnswer json_answer(std::string body);
/// 400: what `error` says of a parameter.
[[nodiscard]] HttpAnswer bad_parameter(const Error& error);

}  // namespace virtuoso
