# holdfast_options carries what every target of the project is compiled with.
option(HOLDFAST_WERROR "Treat warnings as errors" OFF)
set(HOLDFAST_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them")

set(CMAKE_CXX_EXTENSIONS OFF)
add_library(holdfast_options INTERFACE)
target_compile_features(holdfast_options INTERFACE cxx_std_20)
target_include_directories(holdfast_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)

target_compile_definitions(holdfast_options INTERFACE BOOST_ASIO_NO_DEPRECATED)

if(MSVC)
  target_compile_options(holdfast_options INTERFACE /W4 /permissive- /utf-8 /EHsc $<$<BOOL:${HOLDFAST_WERROR}>:/WX>)
else()
  # Designated initialisers leave fields to their defaults on purpose.
  target_compile_options(holdfast_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wno-missing-field-initializers
    $<$<BOOL:${HOLDFAST_WERROR}>:-Werror>)
endif()

if(HOLDFAST_SANITIZE)
  target_compile_options(holdfast_options INTERFACE
    -fsanitize=${HOLDFAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(holdfast_options INTERFACE -fsanitize=${HOLDFAST_SANITIZE})
  if(HOLDFAST_SANITIZE MATCHES thread)
    # ThreadSanitizer does not know fences; Asio's own locks order what it hands from thread to thread.
    target_compile_definitions(holdfast_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

if(WIN32)
  target_compile_definitions(holdfast_options INTERFACE
    _WIN32_WINNT=0x0A00 WIN32_LEAN_AND_MEAN NOMINMAX UNICODE _UNICODE)
endif()

if(MINGW)
  # The same sources give the same programs, in whatever folder and whenever they are built.
  target_compile_options(holdfast_options INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
  target_link_options(holdfast_options INTERFACE -Wl,--no-insert-timestamp)
endif()

configure_file(${PROJECT_SOURCE_DIR}/cmake/version.h.in ${PROJECT_BINARY_DIR}/generated/version.h @ONLY)
