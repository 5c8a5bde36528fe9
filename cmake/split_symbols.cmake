# Keeps what a debugger needs beside the program instead of in it: bin/x.exe is what ships, and
# symbols/x.exe.debug is found by gdb through the link in it. Preserving dates keeps the linker's
# time, which is none, in the program: else it would be another each time.
function(holdfast_split_symbols target)
  if(NOT MINGW)
    return()
  endif()
  set(symbols ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/../symbols)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory ${symbols}
    COMMAND ${CMAKE_OBJCOPY} --preserve-dates --only-keep-debug $<TARGET_FILE:${target}> ${symbols}/$<TARGET_FILE_NAME:${target}>.debug
    COMMAND ${CMAKE_STRIP} --preserve-dates --strip-all $<TARGET_FILE:${target}>
    COMMAND ${CMAKE_OBJCOPY} --preserve-dates --add-gnu-debuglink=${symbols}/$<TARGET_FILE_NAME:${target}>.debug $<TARGET_FILE:${target}>
    VERBATIM)
endfunction()
