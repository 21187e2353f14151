// The three descriptors that every program is started with.
#pragma once

namespace virtuoso::app {

/// Of input, output and error stream, those that were closed lead nowhere from now on; writing to the output
/// fails. Otherwise the next file or socket that is opened takes the place of one, and what is printed is
/// written into it.
void hold_standard_streams();

}  // namespace virtuoso::app
