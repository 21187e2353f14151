# Writes the unit of embed(): every byte as an escape, so that any file will do and ccache sees all of it.
set(texts "")
foreach(file IN LISTS FILES)
  file(READ "${FOLDER}/${file}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................................................)" "\\1\"\n        \"" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(APPEND texts "    EmbeddedFile{\"${file}\",\n        {\"${bytes}\", ${size}}},\n")
endforeach()
file(WRITE "${MADE}" "#include \"base/embedded_file.hpp\"

#include <array>
#include <span>

#if defined(__clang__)
#pragma clang diagnostic ignored \"-Woverlength-strings\"
#endif

namespace virtuoso {

std::span<const EmbeddedFile> ${NAME}() noexcept;

namespace {

constexpr std::array files{
${texts}};

}  // namespace

std::span<const EmbeddedFile> ${NAME}() noexcept {
    return files;
}

}  // namespace virtuoso
")
