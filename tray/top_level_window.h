#pragma once

#include <windows.h>

#include <chrono>
#include <string>
#include <string_view>

#include "common/unique_handle.h"
#include "tray/window_layout.h"
#include "tray/window_theme.h"

namespace holdfast {

struct WindowTraits {
  using Handle = HWND;
  static Handle none() { return nullptr; }
  static void close(Handle window) { ::DestroyWindow(window); }
};
using WindowHandle = UniqueHandle<WindowTraits>;

struct FontTraits {
  using Handle = HFONT;
  static Handle none() { return nullptr; }
  static void close(Handle font) { ::DeleteObject(font); }
};
using FontHandle = UniqueHandle<FontTraits>;

// One of the tray's own windows: ordinary controls, placed by the window itself in the scale of the
// monitor that it is on. The keyboard works as in dialogs. It is there from open() until it is
// closed, and may be opened again. Used by the window's thread only.
class TopLevelWindow {
 public:
  TopLevelWindow(const TopLevelWindow&) = delete;
  TopLevelWindow& operator=(const TopLevelWindow&) = delete;
  virtual ~TopLevelWindow();

  bool is_open() const { return static_cast<bool>(window_); }
  void bring_forward();
  void close() { window_.reset(); }

  // Whether the message was one of the keyboard for one of these windows, and is done with.
  static bool takes_key(MSG& message);

 protected:
  struct Looks {
    const wchar_t* window_class;
    SIZE size;      // of the window when it is opened first, at 100 %
    SIZE min_size;  // at 100 %
    HACCEL accelerators = nullptr;
  };

  explicit TopLevelWindow(const Looks& looks) : looks_(looks) {}

  // Throws Error when there can be no window.
  void open(const std::string& title);
  // Makes the controls, in the order of the tabulator.
  virtual void make_controls() = 0;
  // Places them within the client area.
  virtual void lay_out(SIZE client) = 0;
  virtual void on_command(int id, int event) = 0;
  virtual LRESULT on_notify(const NMHDR&) { return 0; }
  // A message of the window's own, from WM_APP on.
  virtual LRESULT on_message(UINT) { return 0; }
  // The time of wake_after() is over.
  virtual void on_timer() {}
  virtual void on_scale_changed() {}
  // Between light and dark.
  virtual void on_colours_changed() {}
  // The user wants it to be closed.
  virtual void on_close() { close(); }
  virtual void on_closed() {}
  // What Enter does where no button has the focus.
  virtual int default_button() const = 0;

  HWND window() const { return window_.get(); }
  HWND control(int id) const { return ::GetDlgItem(window_.get(), id); }
  HWND add(const wchar_t* control_class, std::string_view text, DWORD style, int id);
  void set_text(int id, std::string_view text);
  void set_shown(int id, bool is_shown);
  // A control that loses its focus by this hands it on.
  void enable(int id, bool is_enabled);

  void wake_after(std::chrono::milliseconds time) const;
  bool is_dark() const { return theme_.is_dark(); }

  void lay_out_again();
  void place(int id, int left, int top, int width, int height) const;

  // In pixels, for a length at 100 %.
  int scaled(int length) const;
  int text_height() const { return text_height_; }
  int button_height() const { return text_height_ + scaled(12); }
  // As wide as its text needs.
  int button_width(int id) const;
  int text_width(std::string_view text) const;
  // How high a text is when it is broken into lines of this width.
  int wrapped_height(int id, int width) const;

 private:
  static LRESULT CALLBACK window_proc(HWND window, UINT message, WPARAM first,
                                      LPARAM second) noexcept;
  LRESULT handle(UINT message, WPARAM first, LPARAM second);
  void register_class() const;
  void take_scale(UINT dpi);
  void change_scale(UINT dpi, const RECT& suggested);
  void fit_to_screen(Extent wanted) const;
  void limit(MINMAXINFO& sizes) const;
  void keep_focus(bool is_active);

  Looks looks_;
  UINT dpi_ = USER_DEFAULT_SCREEN_DPI;
  int text_height_ = 0;
  FontHandle font_;
  WindowTheme theme_;
  HWND focus_ = nullptr;  // what has it when the window is active again
  WindowHandle window_;
};

}  // namespace holdfast
