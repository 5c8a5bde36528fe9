#pragma once

#include <span>
#include <vector>

namespace holdfast {

// Where things go in a window. Pure: lengths in pixels, no windows.

struct Extent {
  int width = 0;
  int height = 0;

  bool operator==(const Extent&) const = default;
};

// As large as wanted, but no larger than the room that there is.
Extent fitted(Extent wanted, Extent room);

// Where something of that length begins so that it ends within the room, if it can: as near to
// where it is as that lets it.
int moved_within(int begin, int length, int room_begin, int room_length);

// Where each of the things stands that are placed one behind the other.
struct FlowPlace {
  int left = 0;
  int row = 0;

  bool operator==(const FlowPlace&) const = default;
};
// A thing that does not fit behind the last one begins the next row.
std::vector<FlowPlace> flow(std::span<const int> widths, int room, int gap);

// How far something that is higher than its window is moved up. `top` and `bottom` of what has to
// be seen are measured where nothing is moved.
struct ScrollRange {
  int content = 0;
  int page = 0;

  int largest() const { return content > page ? content - page : 0; }
  int within(int wanted) const;
  int showing(int now, int top, int bottom) const;
};

}  // namespace holdfast
