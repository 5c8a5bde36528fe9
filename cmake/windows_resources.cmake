enable_language(RC)

# Compiles `script` into the program; it may include version.h, and files beside it by name.
function(holdfast_add_resources target script)
  target_sources(${target} PRIVATE ${script})
  set_source_files_properties(${script} PROPERTIES
    INCLUDE_DIRECTORIES "${CMAKE_CURRENT_SOURCE_DIR};${PROJECT_SOURCE_DIR};${PROJECT_BINARY_DIR}/generated"
    OBJECT_DEPENDS "${PROJECT_BINARY_DIR}/generated/version.h")
  if(MINGW)
    set_source_files_properties(${script} PROPERTIES COMPILE_OPTIONS "-c65001")
  elseif(MSVC)
    # The script brings the manifest; the linker is not to make another.
    target_link_options(${target} PRIVATE /MANIFEST:NO)
  endif()
endfunction()

# Compiles the texts of the Event Log's events into the program, where the Event Log finds them.
function(holdfast_add_messages target messages)
  get_filename_component(name ${messages} NAME_WE)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/messages)
  file(MAKE_DIRECTORY ${folder})
  if(MINGW)
    find_program(HOLDFAST_MESSAGE_COMPILER x86_64-w64-mingw32-windmc REQUIRED)
    set(options -C 65001 -U -b)
  else()
    find_program(HOLDFAST_MESSAGE_COMPILER mc REQUIRED)
    set(options -u -U)
  endif()
  add_custom_command(OUTPUT ${folder}/${name}.rc
    COMMAND ${HOLDFAST_MESSAGE_COMPILER} ${options} -h ${folder} -r ${folder} ${messages}
    DEPENDS ${messages} VERBATIM)
  target_sources(${target} PRIVATE ${folder}/${name}.rc)
endfunction()
