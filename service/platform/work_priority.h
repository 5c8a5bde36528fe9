#pragma once

namespace holdfast {

// Whether work gives way to the programs that people use. On Windows background work gives way with
// processor, disk and memory; elsewhere with the processor and, where it can be had, the disk.
enum class WorkPriority { Normal, Background };

// Of the calling thread, from now on. Never fails: what the system refuses stays as it was.
void set_thread_priority(WorkPriority priority) noexcept;
// What was set for the calling thread. Threads that it starts do not have it by themselves: hand it
// on.
WorkPriority thread_priority() noexcept;

}  // namespace holdfast
