#pragma once

namespace holdfast {

// How far work gives way to the programs that people use. What somebody waits for lets them have
// the processor first. Background work takes only what they leave, also of the disk, and on Windows
// of the memory; and where there are several processors it keeps off one of them, for what shares
// caches and memory with it is slowed down however far it gives way.
enum class WorkPriority { Normal, Waited, Background };

// Of the calling thread, from now on. Never fails: what the system refuses stays as it was.
void set_thread_priority(WorkPriority priority) noexcept;
// What was set for the calling thread. Threads that it starts do not have it by themselves: hand it
// on.
WorkPriority thread_priority() noexcept;

}  // namespace holdfast
