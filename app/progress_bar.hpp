// Progress on a terminal; silent where standard error is not one.
#pragma once

#include <string>

namespace virtuoso::app {

class ProgressBar {
  public:
    explicit ProgressBar(std::string label);
    ~ProgressBar();
    /// Draws at most ten times a second.
    void show(double share);
    void clear();
    /// What is drawn of any bar, before something else is printed or the process ends at once. The next
    /// `show` draws it again. Safe in a signal handler.
    static void clear_drawn() noexcept;

  private:
    std::string label_;
    bool terminal_;
    bool drawn_ = false;
    long long last_ns_ = 0;
};

}  // namespace virtuoso::app
