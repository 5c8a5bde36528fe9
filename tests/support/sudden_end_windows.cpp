#include <windows.h>

#include <cstdint>

#include "tests/support/sudden_end.h"
#include "tests/support/wine.h"

namespace holdfast {
namespace {

// Wine ends a process thread by thread, from within, and one that held a lock leaves another
// waiting for it for ever. The system below Wine asks nobody.
void end_below_wine() {
#ifdef __GNUC__
  constexpr std::int64_t kGetProcess = 39;
  constexpr std::int64_t kSendSignal = 62;
  constexpr std::int64_t kKill = 9;
  std::int64_t process = 0;
  std::int64_t result = 0;
  __asm__ volatile("syscall" : "=a"(process) : "a"(kGetProcess) : "rcx", "r11", "memory");
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(kSendSignal), "D"(process), "S"(kKill)
                   : "rcx", "r11", "memory");
#endif
}

}  // namespace

void end_suddenly() {
  if (runs_under_wine()) end_below_wine();
  ::TerminateProcess(::GetCurrentProcess(), 1);
  for (;;) ::Sleep(INFINITE);
}

}  // namespace holdfast
