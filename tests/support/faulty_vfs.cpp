#include "tests/support/faulty_vfs.h"

#include <utility>

namespace holdfast {
namespace {

// SQLite gives room for it, and behind it for the real one.
struct FaultyFile {
  sqlite3_file base;
  sqlite3_file* real;
  const FaultyVfs* vfs;
};

FaultyFile& faulty(sqlite3_file* file) {
  return *reinterpret_cast<FaultyFile*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
  return faulty(file).real;
}

const FaultyVfs& owner(sqlite3_vfs* vfs) {
  return *static_cast<const FaultyVfs*>(vfs->pAppData);
}

// Calls the same method of the real file.
template <auto kMethod, typename... Arguments>
int pass_on(sqlite3_file* file, Arguments... arguments) {
  return (real(file)->pMethods->*kMethod)(real(file), arguments...);
}

template <auto kMethod, typename... Arguments>
int pass_on_or_fail(sqlite3_file* file, Arguments... arguments) {
  const int result = faulty(file).vfs->step();
  return result == SQLITE_OK ? pass_on<kMethod>(file, arguments...) : result;
}

int flush(sqlite3_file* file, int how) {
  const int result = faulty(file).vfs->flush_step();
  return result == SQLITE_OK ? pass_on<&sqlite3_io_methods::xSync>(file, how) : result;
}

void barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}

using Methods = sqlite3_io_methods;

constexpr Methods kMethods{
    .iVersion = 2,
    .xClose = pass_on<&Methods::xClose>,
    .xRead = pass_on<&Methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = pass_on_or_fail<&Methods::xWrite, const void*, int, sqlite3_int64>,
    .xTruncate = pass_on_or_fail<&Methods::xTruncate, sqlite3_int64>,
    .xSync = flush,
    .xFileSize = pass_on<&Methods::xFileSize, sqlite3_int64*>,
    .xLock = pass_on<&Methods::xLock, int>,
    .xUnlock = pass_on<&Methods::xUnlock, int>,
    .xCheckReservedLock = pass_on<&Methods::xCheckReservedLock, int*>,
    .xFileControl = pass_on<&Methods::xFileControl, int, void*>,
    .xSectorSize = pass_on<&Methods::xSectorSize>,
    .xDeviceCharacteristics = pass_on<&Methods::xDeviceCharacteristics>,
    .xShmMap = pass_on<&Methods::xShmMap, int, int, int, void volatile**>,
    .xShmLock = pass_on<&Methods::xShmLock, int, int, int>,
    .xShmBarrier = barrier,
    .xShmUnmap = pass_on<&Methods::xShmUnmap, int>,
    .xFetch = nullptr,
    .xUnfetch = nullptr};

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  owner(vfs).before_open();
  FaultyFile& opened = faulty(file);
  sqlite3_vfs& below = owner(vfs).real();
  opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
  opened.vfs = &owner(vfs);
  const int result = below.xOpen(&below, name, opened.real, flags, out_flags);
  opened.base.pMethods = result == SQLITE_OK ? &kMethods : nullptr;
  return result;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  const int result = owner(vfs).step();
  sqlite3_vfs& below = owner(vfs).real();
  return result == SQLITE_OK ? below.xDelete(&below, name, sync_folder) : result;
}

}  // namespace

FaultyVfs::FaultyVfs(std::function<int()> before, std::function<int()> before_flush)
    : before_(std::move(before)),
      before_flush_(before_flush ? std::move(before_flush) : before_),
      real_(::sqlite3_vfs_find(nullptr)),
      own_(*real_) {
  own_.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real_->szOsFile;
  own_.zName = "faulty";
  own_.pAppData = this;
  own_.xOpen = open;
  own_.xDelete = remove;
  ::sqlite3_vfs_register(&own_, 1);
}

FaultyVfs::~FaultyVfs() {
  ::sqlite3_vfs_unregister(&own_);
  ::sqlite3_vfs_register(real_, 1);
}

}  // namespace holdfast
