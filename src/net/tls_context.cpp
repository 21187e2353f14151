#include "net/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace virtuoso::net {

namespace ssl = boost::asio::ssl;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Signed = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long day_s = 86'400;
constexpr long certificate_days = 30;

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

bool add_extension(X509* certificate, int name, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, name, value), &X509_EXTENSION_free);
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool describe(X509* certificate, EVP_PKEY* key, std::int64_t now_s) {
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), now_s);
    ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<time_t>(now_s - day_s));
    ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<time_t>(now_s + certificate_days * day_s));
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("Virtuoso simulated exchange"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    return X509_set_pubkey(certificate, key) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

template <typename Step>
Result<void> attempt(std::string_view what, Step&& step) {
    boost::system::error_code error;
    step(error);
    if (error) {
        return fail(ErrorCode::tls, fmt::format("{}: {}", what, error.message()));
    }
    return {};
}

}  // namespace

Result<ssl::context> client_tls_context(const std::string& authority_file, const std::string& authority_pem) {
    ssl::context context(ssl::context::tls_client);
    context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                        ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    const auto system = attempt("the certificate authorities of this machine cannot be read",
                                [&](auto& error) { context.set_default_verify_paths(error); });
    if (!system) {
        return std::unexpected(system.error());
    }
    context.set_verify_mode(ssl::verify_peer);
    if (!authority_file.empty()) {
        const auto loaded =
            attempt(fmt::format("{} is not a readable PEM certificate", in_quotes(authority_file)),
                    [&](auto& error) { context.load_verify_file(authority_file, error); });
        if (!loaded) {
            return std::unexpected(loaded.error());
        }
    }
    if (!authority_pem.empty()) {
        const auto added = attempt("the authority's certificate cannot be used", [&](auto& error) {
            context.add_certificate_authority(boost::asio::buffer(authority_pem), error);
        });
        if (!added) {
            return std::unexpected(added.error());
        }
    }
    return context;
}

Result<Certificate> make_loopback_certificate(std::int64_t now_s) {
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Signed certificate(X509_new(), &X509_free);
    const Memory certificate_text(BIO_new(BIO_s_mem()), &BIO_free);
    const Memory key_text(BIO_new(BIO_s_mem()), &BIO_free);
    const bool made =
        key && certificate && certificate_text && key_text && describe(certificate.get(), key.get(), now_s) &&
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1 &&
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
    if (!made) {
        return fail(ErrorCode::tls, "OpenSSL could not make a certificate for the simulated exchange");
    }
    return Certificate{text_of(certificate_text.get()), text_of(key_text.get())};
}

Result<ssl::context> server_tls_context(const Certificate& certificate) {
    ssl::context context(ssl::context::tls_server);
    const auto used = attempt("the server's certificate cannot be used", [&](auto& error) {
        context.use_certificate_chain(boost::asio::buffer(certificate.certificate_pem), error);
        if (!error) {
            context.use_private_key(boost::asio::buffer(certificate.key_pem), ssl::context::pem, error);
        }
    });
    if (!used) {
        return std::unexpected(used.error());
    }
    return context;
}

}  // namespace virtuoso::net
