#include "service/platform/known_folders.h"

namespace holdfast {

// The tokens are names of Windows' folders.
KnownFolders machine_folders() {
  return {};
}

KnownFolders own_folders() {
  return {};
}

}  // namespace holdfast
