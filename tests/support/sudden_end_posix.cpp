#include <signal.h>
#include <unistd.h>

#include "tests/support/sudden_end.h"

namespace holdfast {

void end_suddenly() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

}  // namespace holdfast
