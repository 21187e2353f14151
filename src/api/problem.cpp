#include "api/problem.hpp"

#include "present/json.hpp"

namespace virtuoso {

HttpAnswer problem(int status, std::string_view title, const std::string& detail) {
    const Json document = {{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}};
    return {.status = status,
            .headers = {{"Content-Type", "application/problem+json"}},
            .body = document.text() + "\n"};
}

}  // namespace virtuoso
