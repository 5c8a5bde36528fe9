#pragma once

namespace holdfast {

// Ends this process as a power cut or the task manager does: nothing is unwound, flushed or told.
[[noreturn]] void end_suddenly();

}  // namespace holdfast
