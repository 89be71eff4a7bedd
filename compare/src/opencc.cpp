// A C face over OpenCC's SimpleConverter. Its own C interface copies every
// result once more and cuts it at a NUL; a sink sees it where it was made, so
// that what is timed is the conversion.

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "SimpleConverter.hpp"

extern "C" {

// A converter for the config file at `path`, or null.
void* opencc_shim_open(const char* path) {
  try {
    return new opencc::SimpleConverter(path);
  } catch (const std::exception&) {
    return nullptr;
  }
}

void opencc_shim_close(void* converter) {
  delete static_cast<opencc::SimpleConverter*>(converter);
}

// Converts and calls `sink` once with the result. 0 if OpenCC refused.
int opencc_shim_convert(const void* converter, const char* text, size_t length,
                        void (*sink)(void*, const char*, size_t), void* user) {
  try {
    const std::string result =
        static_cast<const opencc::SimpleConverter*>(converter)->Convert(
            std::string_view(text, length));
    sink(user, result.data(), result.size());
    return 1;
  } catch (const std::exception&) {
    return 0;
  }
}
}
