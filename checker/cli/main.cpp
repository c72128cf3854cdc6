// The program `raddle`.
#include "checker/cli/command_line.h"

int main(int argc, char** argv) { return raddle::cli::run({argv + (argc > 0), argv + argc}); }
