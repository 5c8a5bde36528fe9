#include <windows.h>

#include "tests/support/sudden_end.h"

namespace holdfast {

void end_suddenly() {
  ::TerminateProcess(::GetCurrentProcess(), 1);
  for (;;) ::Sleep(INFINITE);
}

}  // namespace holdfast
