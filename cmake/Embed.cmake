# embed(SOURCES NAME FILES…): files, named relative to the current folder, become part of the program. Adds to the list
# SOURCES what defines `std::span<const EmbeddedFile> virtuoso::NAME() noexcept` (base/embedded_file.hpp), which
# some header of the room declares. It is made anew where one of them changed.
set(VIRTUOSO_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)
function(embed sources name)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -D NAME=${name} -D "FILES=${ARGN}" -D "FOLDER=${CMAKE_CURRENT_SOURCE_DIR}" -D "MADE=${made}"
      -P ${VIRTUOSO_EMBED_SCRIPT}
    DEPENDS ${paths} ${VIRTUOSO_EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  # A target of its own: what is made within another one waits for all that this one links.
  add_library(${name} OBJECT ${made})
  target_link_libraries(${name} PRIVATE virtuoso_settings)
  set(${sources} ${${sources}} $<TARGET_OBJECTS:${name}> PARENT_SCOPE)
endfunction()
