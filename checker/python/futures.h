// Exceptions that end up in a Future: whoever asks for the result gets them. If nobody does, they are swallowed.
#pragma once

namespace raddle::python {

/// Puts our methods in front of concurrent.futures.Future's. -1: an exception is set.
int prepare_futures();

/// All that could ask for results has ended: what nobody has asked for is a failure.
void report_swallowed_exceptions();

/// The next execution begins.
void forget_futures();

}  // namespace raddle::python
