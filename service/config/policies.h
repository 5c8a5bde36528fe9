#pragma once

#include <vector>

#include "service/config/json_tree.h"
#include "service/platform/machine_config.h"

namespace holdfast {

// A policy's name is a setting's: "keep.last" is for every dataset,
// "datasets.docassist-emr.keep.last" for the one of that id, and then the stronger. What may be set
// is told by is_policy() (config_keys.h); true and false are 1 and 0. A number may be a text of its
// digits, and a switch also the texts "true" and "false".

// Puts what the policies say into the datasets of a configuration. What came from a policy stands
// in line 0. Datasets that are not there are passed over: one policy serves many machines. Where a
// policy sets the schedule or `stale_after`, and the latter is shorter, it is taken away.
void apply_policies(JsonNode& root, const Policies& policies);

// The policies that are not applied because there is no such setting, because it cannot have that
// value, or because they exclude each other. They do not keep a configuration from being used: a
// wrong policy reaches all machines at once.
std::vector<ConfigFault> policy_faults(const Policies& policies);

}  // namespace holdfast
