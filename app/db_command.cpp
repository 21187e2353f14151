#include "command.hpp"
#include "output.hpp"
#include "store_arguments.hpp"

#include <fmt/format.h>

#include <memory>

namespace virtuoso::app {

namespace {

constexpr double megabyte = 1e6;

Result<std::string> rows_text(Store& store) {
    std::string text;
    for (const auto& spec : all_store_tables()) {
        const auto rows = store.count(spec.table);
        if (!rows) {
            return std::unexpected(rows.error());
        }
        text += fmt::format("  {:<20} {:>12} rows\n", spec.name, *rows);
    }
    return text;
}

Result<void> check(const StoreAddress& address) {
    const auto store = open_store(address, StoreUse::read);
    if (!store) {
        return std::unexpected(store.error());
    }
    if (auto whole = (*store)->check(); !whole) {
        return whole;
    }
    const auto version = (*store)->schema_version();
    const auto bytes = (*store)->bytes();
    const auto rows = rows_text(**store);
    if (!version || !bytes || !rows) {
        return std::unexpected(!version ? version.error() : !bytes ? bytes.error() : rows.error());
    }
    print("{}: no errors; {}, schema version {}, {:.1f} MB\n{}", address.shown(), name_of(address.engine()),
          *version, static_cast<double>(*bytes) / megabyte, *rows);
    return {};
}

Result<void> vacuum(const StoreAddress& address) {
    const auto store = open_store(address, StoreUse::inspect);
    if (!store) {
        return std::unexpected(store.error());
    }
    const auto before = (*store)->bytes();
    if (auto done = (*store)->vacuum(); !done) {
        return done;
    }
    const auto after = (*store)->bytes();
    if (!before || !after) {
        return std::unexpected(before ? after.error() : before.error());
    }
    print("{}: {:.1f} MB → {:.1f} MB\n", address.shown(), static_cast<double>(*before) / megabyte,
          static_cast<double>(*after) / megabyte);
    return {};
}

// What is not there is not made: a name that was mistyped would become a store.
Result<void> migrate(const StoreAddress& address) {
    std::int64_t before = 0;
    {
        const auto store = open_store(address, StoreUse::inspect);
        const auto version = store ? (*store)->schema_version() : std::unexpected(store.error());
        if (!version) {
            return std::unexpected(version.error());
        }
        before = *version;
    }
    const auto store = open_store(address, StoreUse::write);
    const auto after = store ? (*store)->schema_version() : std::unexpected(store.error());
    if (!after) {
        return std::unexpected(after.error());
    }
    if (before == *after) {
        print("{}: schema version {}, up to date\n", address.shown(), before);
    } else {
        print("{}: schema version {} → {}\n", address.shown(), before, *after);
    }
    return {};
}

void add_verb(Subcommand& command, const std::string& name, const std::string& description,
              Result<void> (*verb)(const StoreAddress&)) {
    auto arguments = std::make_shared<StoreArguments>();
    auto one = command.subcommand(name, description);
    arguments->add_to(one);
    one.runs([arguments, verb] {
        const auto address = arguments->address();
        const auto done = address ? verb(*address) : std::unexpected(address.error());
        return done ? static_cast<int>(exit_ok) : report(done.error());
    });
}

}  // namespace

void add_db(CommandLine& line) {
    auto command = line.subcommand("db", "The service's store: check, vacuum, migrate (docs/operations.md)");
    add_verb(command, "check", "Read all of it and tell what is damaged, else what there is", check);
    add_verb(command, "vacuum", "Give back the room of what was removed", vacuum);
    add_verb(command, "migrate", "Bring the schema up to that of this program", migrate);
}

}  // namespace virtuoso::app
