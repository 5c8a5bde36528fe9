#pragma once

#include <span>
#include <string>
#include <string_view>

#include "service/retention/retention.h"

namespace holdfast {

// Why a person may not have this archive deleted, as the end of "It cannot be deleted because it is
// ..."; empty when it may be. `archive` is one of `archives`, which are those of a dataset in one
// destination. `held_back`, unless it is empty, tells why nothing may be deleted now.
//
// A person may delete sooner than retention would, but nothing without which there is no way back:
// what retention never deletes stays, and there must be a newer backup that is verified.
std::string manual_deletion_refusal(const ArchiveFacts& archive,
                                    std::span<const ArchiveFacts> archives,
                                    std::string_view own_host, std::string_view held_back);

}  // namespace holdfast
