// The bytes that a descriptor visits, between stream order and memory. A position counts bytes of
// the stream; nothing is kept from one piece to the next.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "tables.hpp"

namespace ironbird {

// Calls `visit(memory_offset, stream_offset, bytes)` for contiguous pieces of [start, start +
// count); memory_offset is -1 for zeros of the padding.
template <typename Visit>
void for_each_piece(const DescriptorRow &descriptor, int64_t iteration, int64_t start,
                    int64_t count, Visit visit) {
  const int64_t base = descriptor.offset_bytes + iteration * descriptor.iteration_stride_bytes;
  const int64_t row_span = descriptor.row_before + descriptor.row_bytes + descriptor.row_after;
  const int32_t dimensions = descriptor.dimension_count;
  int64_t index[5] = {};
  int64_t row = start / row_span;
  int64_t within = start % row_span;
  int64_t address = base;
  int32_t padded = 0;
  for (int32_t axis = dimensions - 1; axis >= 0; --axis) {
    const DimensionRow &dimension = descriptor.dimensions[axis];
    const int64_t span = dimension.before + dimension.size + dimension.after;
    index[axis] = row % span;
    row /= span;
    const int64_t inside = index[axis] - dimension.before;
    address += inside * dimension.stride_bytes;
    padded += inside < 0 || inside >= dimension.size;
  }
  int64_t done = 0;
  while (done < count) {
    while (within < row_span && done < count) {
      int64_t piece;
      int64_t from = -1;
      if (within < descriptor.row_before) {
        piece = descriptor.row_before - within;
      } else if (within < descriptor.row_before + descriptor.row_bytes) {
        piece = descriptor.row_before + descriptor.row_bytes - within;
        if (padded == 0) from = address + within - descriptor.row_before;
      } else {
        piece = row_span - within;
      }
      piece = std::min(piece, count - done);
      visit(from, done, piece);
      done += piece;
      within += piece;
    }
    within = 0;
    for (int32_t axis = dimensions - 1; axis >= 0; --axis) {
      const DimensionRow &dimension = descriptor.dimensions[axis];
      const int64_t span = dimension.before + dimension.size + dimension.after;
      const auto is_padding = [&](int64_t at) {
        return at < dimension.before || at >= dimension.before + dimension.size;
      };
      padded -= is_padding(index[axis]);
      address += dimension.stride_bytes;
      if (++index[axis] < span) {
        padded += is_padding(index[axis]);
        break;
      }
      index[axis] = 0;
      address -= span * dimension.stride_bytes;
      padded += is_padding(0);
    }
  }
}

inline void copy_piece(uint8_t *to, const uint8_t *from, int64_t bytes) {
  switch (bytes) {
    case 4:
      std::memcpy(to, from, 4);
      break;
    case 8:
      std::memcpy(to, from, 8);
      break;
    case 16:
      std::memcpy(to, from, 16);
      break;
    case 32:
      std::memcpy(to, from, 32);
      break;
    case 64:
      std::memcpy(to, from, 64);
      break;
    default:
      std::memcpy(to, from, bytes);
  }
}

inline void gather(const DescriptorRow &descriptor, int64_t iteration, const uint8_t *memory,
                   int64_t start, int64_t count, uint8_t *stream, uint8_t padding) {
  for_each_piece(descriptor, iteration, start, count, [&](int64_t from, int64_t at, int64_t bytes) {
    if (from < 0) {
      std::memset(stream + at, padding, bytes);
    } else {
      copy_piece(stream + at, memory + from, bytes);
    }
  });
}

inline void scatter(const DescriptorRow &descriptor, int64_t iteration, uint8_t *memory,
                    int64_t start, int64_t count, const uint8_t *stream) {
  for_each_piece(descriptor, iteration, start, count, [&](int64_t to, int64_t at, int64_t bytes) {
    copy_piece(memory + to, stream + at, bytes);
  });
}

}  // namespace ironbird
