// SYMBOL: one row of pixels from one colour space to another, by CONVERSION:
//   rgba2gray  gray = (77 r + 150 g + 29 b + 128) / 256, ITU-R BT.601's weights in 256ths
//   gray2rgba  r = g = b = gray, a = 255
//   rgba2hue   the angle on the colour wheel in 2 degrees, 0 to 179; gray has 0
//
// rgba           [4 * pixel_count] uint8. gray, hue [pixel_count] uint8. Not overlapping.
// pixel_count    pixels of the row, at least 1.
// exact          bit-equal to the reference; integer arithmetic throughout.
// contract       ironbird/iron/kernels/image.py
#include <aie_api/aie.hpp>

namespace {

[[maybe_unused]] inline void rgba2gray(const uint8_t *__restrict rgba, uint8_t *__restrict gray,
                                       int32_t pixel_count) {
  for (int32_t i = 0; i < pixel_count; ++i) {
    const uint8_t *pixel = rgba + 4 * i;
    gray[i] = static_cast<uint8_t>((77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2] + 128) >> 8);
  }
}

[[maybe_unused]] inline void gray2rgba(const uint8_t *__restrict gray, uint8_t *__restrict rgba,
                                       int32_t pixel_count) {
  for (int32_t i = 0; i < pixel_count; ++i) {
    uint8_t *pixel = rgba + 4 * i;
    pixel[0] = pixel[1] = pixel[2] = gray[i];
    pixel[3] = 255;
  }
}

// 30 steps of 2 degrees for each of six sectors; the fraction is cut off towards zero.
inline int32_t hue_of(int32_t red, int32_t green, int32_t blue) {
  const int32_t most = std::max(red, std::max(green, blue));
  const int32_t spread = most - std::min(red, std::min(green, blue));
  if (spread == 0) return 0;
  int32_t hue = 0;
  if (most == red)
    hue = 30 * (green - blue) / spread;
  else if (most == green)
    hue = 60 + 30 * (blue - red) / spread;
  else
    hue = 120 + 30 * (red - green) / spread;
  return hue < 0 ? hue + 180 : hue;
}

[[maybe_unused]] inline void rgba2hue(const uint8_t *__restrict rgba, uint8_t *__restrict hue,
                                      int32_t pixel_count) {
  for (int32_t i = 0; i < pixel_count; ++i)
    hue[i] = static_cast<uint8_t>(hue_of(rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]));
}

}  // namespace

extern "C" void SYMBOL(const uint8_t *from, uint8_t *to, int32_t pixel_count) {
  event0();
  CONVERSION(from, to, pixel_count);
  event1();
}
