# vcpkg's triplet of the same name, with log file names in UTF-16.
set(VCPKG_TARGET_ARCHITECTURE x64)
set(VCPKG_CRT_LINKAGE static)
set(VCPKG_LIBRARY_LINKAGE static)
set(SPDLOG_WCHAR_FILENAMES ON)
