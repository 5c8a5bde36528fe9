#pragma once

namespace holdfast {

struct PathLimits;

// What a user may do on this machine, held for as long as something is done for this user.
class UserRights {
 public:
  UserRights() = default;
  UserRights(const UserRights&) = delete;
  UserRights& operator=(const UserRights&) = delete;
  virtual ~UserRights() = default;

  // Which paths are not opened, whatever the rights allow; null where they alone decide.
  virtual const PathLimits* limits() const noexcept { return nullptr; }

 private:
  friend class ActingAs;
  // The calling thread has these rights from now on, and no others. Throws Error(AccessDenied).
  virtual void take_on() const = 0;
  // The calling thread is the service again. It does not return without that: whatever followed
  // would be done with the rights of the wrong one.
  virtual void lay_down() const noexcept = 0;
};

// While it lives, the calling thread does everything with the rights of that user; with those that
// it has where there is none. Threads that it starts do not: hand acting_as() on to those that open
// files. Throws Error(AccessDenied).
class ActingAs {
 public:
  explicit ActingAs(const UserRights* user);
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;
  ~ActingAs();

 private:
  const UserRights* user_;
};

// Whom the calling thread acts for; null for the service itself.
const UserRights* acting_as() noexcept;

}  // namespace holdfast
