#pragma once

#include <grp.h>
#include <unistd.h>

#include <sys/fsuid.h>
#include <sys/syscall.h>

#include "service/platform/user_rights.h"

namespace holdfast {

// The rights on files that a thread has: those of a user of this system. Only for root.
inline void have_rights_of(uid_t user) {
  // The C library would change all threads.
  ::syscall(SYS_setgroups, 0, nullptr);
  ::setfsgid(user);
  ::setfsuid(user);
}

// What a user of this system may do. The thread that acts for one comes from another, which may do
// as little.
class PosixUser final : public UserRights {
 public:
  PosixUser(uid_t user, uid_t service) : user_(user), service_(service) {}

 private:
  void take_on() const override { have_rights_of(user_); }
  void lay_down() const noexcept override { have_rights_of(service_); }

  uid_t user_;
  uid_t service_;
};

}  // namespace holdfast
