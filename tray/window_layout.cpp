#include "tray/window_layout.h"

#include <algorithm>

namespace holdfast {

Extent fitted(Extent wanted, Extent room) {
  return {.width = std::min(wanted.width, room.width),
          .height = std::min(wanted.height, room.height)};
}

int moved_within(int begin, int length, int room_begin, int room_length) {
  return std::max(std::min(begin, room_begin + room_length - length), room_begin);
}

std::vector<FlowPlace> flow(std::span<const int> widths, int room, int gap) {
  std::vector<FlowPlace> places;
  FlowPlace next;
  for (const int width : widths) {
    if (next.left > 0 && next.left + width > room) next = {.left = 0, .row = next.row + 1};
    places.push_back(next);
    next.left += width + gap;
  }
  return places;
}

int ScrollRange::within(int wanted) const {
  return std::clamp(wanted, 0, largest());
}

int ScrollRange::showing(int now, int top, int bottom) const {
  if (top < now) return within(top);
  if (bottom > now + page) return within(bottom - page);
  return within(now);
}

}  // namespace holdfast
