#pragma once

#include "service/agent/protection.h"
#include "service/pipe/dispatcher.h"

namespace holdfast {

// Offers what clients may ask of the protection. It must outlive the dispatcher's use.
void offer_backup_methods(Dispatcher& dispatcher, Protection& protection);

}  // namespace holdfast
