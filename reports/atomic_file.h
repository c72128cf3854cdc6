// Writing whole files so that nobody ever sees half of one: to a temporary file in the same folder, then renamed.
#pragma once
#include <string>
#include <string_view>

namespace raddle::reports {

/// Replaces the file, or leaves it as it was and throws engine::UserError naming the folder or file and the reason.
/// A symbolic link keeps pointing to its file, which is replaced. Devices and pipes are written to directly.
void write_file(const std::string& path, std::string_view content);

/// Makes the folder and those above it, where they are missing; engine::UserError if that cannot be done.
void make_folder(const std::string& path);

}  // namespace raddle::reports
