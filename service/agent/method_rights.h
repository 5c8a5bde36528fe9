#pragma once

#include <span>
#include <string_view>

#include "service/pipe/caller.h"

namespace holdfast {

// Who may call a method. The table is that of docs/attack_surface.md.
enum class Right {
  Anybody,        // whom the pipe lets in: interactive users
  Owner,          // the user who added the dataset, and administrators
  Administrator,  // elevated, or the system itself
};

// What tells whose a call is. A parameter that the method itself does not read tells nothing.
enum class MethodSubject {
  Dataset,  // its parameter "dataset"; without one it is the machine's
  Run,      // the dataset of its parameter "run"
};

struct MethodRight {
  std::string_view method;
  Right of_machine = Right::Administrator;  // on the machine's datasets, and on none
  Right of_user = Right::Administrator;     // on a dataset that a user added
  MethodSubject subject = MethodSubject::Dataset;
};
std::span<const MethodRight> method_rights();

// `owner` is the SID of the user who added the dataset that the call is about, empty for the
// machine's. What the table does not name is for administrators.
bool may_call(std::string_view method, const Caller& caller, std::string_view owner);
// What the table does not name is about a dataset.
MethodSubject subject_of(std::string_view method);
// Whether the caller is told of this dataset at all.
bool may_see(const Caller& caller, std::string_view owner);

}  // namespace holdfast
