#pragma once

namespace holdfast {

// From here on SQLite opens files in this process so that others may rename and delete them
// meanwhile, which its own way of opening refuses on Windows: no connection of Holdfast's keeps an
// application from replacing its database. What path_limits() forbid it does not open. Call it
// once, before anything uses SQLite.
void share_deletes();

}  // namespace holdfast
