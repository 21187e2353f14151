#include "journal/file_name.hpp"

#include "journal/input_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace virtuoso {

namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 6> stable_quotes{"USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD"};
constexpr std::array<std::string_view, 4> coin_quotes{"BTC", "ETH", "BNB", "EUR"};

char upper(char letter) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Words words_of(std::string_view name) {
    Words words(1);
    for (const char letter : name) {
        const bool part = std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
                          (static_cast<unsigned char>(letter) & 0x80U) != 0;
        if (part) {
            words.back() += upper(letter);
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    std::erase_if(words, [](const std::string& word) { return word.empty(); });
    return words;
}

// "BTCUSDT", also with a date at its end; empty for what is no pair.
std::string pair_in(std::string word) {
    constexpr std::size_t date_digits = 4;
    const auto last = word.find_last_not_of("0123456789");
    if (last != std::string::npos && word.size() - last - 1 >= date_digits) {
        word.resize(last + 1);
    }
    for (const auto quote : stable_quotes) {
        if (word.ends_with(quote)) {
            return word.size() > quote.size() ? word : std::string();
        }
    }
    for (const auto quote : coin_quotes) {
        if (word.ends_with(quote) && word.size() >= quote.size() + 2) {
            return word;
        }
    }
    return {};
}

bool is_quote(const std::string& word) {
    return std::ranges::find(stable_quotes, word) != stable_quotes.end() ||
           std::ranges::find(coin_quotes, word) != coin_quotes.end();
}

std::optional<CandleInterval> interval_in(const std::string& word) {
    std::string name = word;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return candle_interval_named(name);
}

// Words that are of no symbol where no pair is named.
bool says_nothing(const std::string& word) {
    constexpr std::array<std::string_view, 16> common{
        "BINANCE", "BYBIT", "SPOT", "FUTURES", "PERP",   "LINEAR",    "CANDLES", "KLINES",
        "OHLCV",   "DATA",  "UM",   "EXPORT",  "TRADES", "ORDERBOOK", "BOOK",    "HISTORY"};
    return std::ranges::all_of(word, is_digit) || interval_in(word) ||
           std::ranges::find(common, word) != common.end();
}

void find_symbol(const Words& words, FileNameHints& hints) {
    hints.names_pair = true;
    for (const auto& word : words) {
        hints.symbol = pair_in(word);
        if (!hints.symbol.empty()) {
            return;
        }
    }
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (is_quote(words[i]) && !says_nothing(words[i - 1])) {
            hints.symbol = words[i - 1] + words[i];
            return;
        }
    }
    hints.names_pair = false;
    const auto told = std::ranges::find_if_not(words, says_nothing);
    hints.symbol = told != words.end() ? *told : words.empty() ? std::string() : words.front();
}

}  // namespace

FileNameHints hints_of(std::string_view path) {
    if (is_nameless(path)) {
        return {};
    }
    const auto name = path.substr(path.rfind('/') + 1);
    const auto ending = std::min(name.size(), name.find('.', 1));
    FileNameHints hints;
    find_symbol(words_of(name.substr(0, ending)), hints);
    for (const auto& word : words_of(name.substr(0, ending))) {
        hints.interval = hints.interval ? hints.interval : interval_in(word);
        if (word == "MARK" || word == "MARKPRICE" || word == "MARKPRICEKLINES") {
            hints.prices = FileNameHints::Prices::mark;
        }
    }
    for (const auto& word : words_of(path)) {
        if (word == "MARKPRICEKLINES") {
            hints.prices = FileNameHints::Prices::mark;
        } else if (word == "INDEXPRICEKLINES" || word == "PREMIUMINDEXKLINES") {
            hints.prices = FileNameHints::Prices::index;
        }
    }
    return hints;
}

}  // namespace virtuoso
