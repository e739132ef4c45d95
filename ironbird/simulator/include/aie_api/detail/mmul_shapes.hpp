// The block shapes of aie::mmul on AIE2 (aie_api, detail/aie2/mmul_*.hpp): for each pair of element
// sizes the accumulator it is kept in and the multiply-accumulates it costs.
#pragma once

#include "native.hpp"

namespace aie::detail {

struct MmulShape {
  unsigned bits_a, bits_b;  // of one component
  unsigned rows, inner, columns;
  unsigned storage_bits;  // 32 or 64 for integers, 32 for floats
  unsigned macs;
};

inline constexpr MmulShape integer_shapes[] = {
    {8, 4, 4, 16, 8, 32, 1},  {8, 4, 8, 16, 8, 32, 2},  {8, 4, 4, 32, 8, 32, 2},
    {8, 8, 4, 8, 8, 32, 1},   {8, 8, 8, 8, 8, 32, 2},   {8, 8, 2, 8, 8, 32, 1},
    {8, 8, 2, 16, 8, 32, 2},  {8, 8, 4, 16, 8, 32, 2},  {8, 8, 1, 16, 8, 32, 2},
    {8, 8, 8, 16, 8, 32, 4},  {8, 8, 4, 16, 16, 32, 4}, {8, 8, 4, 8, 4, 32, 1},
    {8, 8, 4, 16, 4, 32, 2},  {8, 8, 8, 8, 4, 32, 2},   {16, 8, 4, 4, 8, 32, 1},
    {16, 8, 8, 4, 8, 32, 2},  {16, 8, 4, 4, 4, 32, 1},  {16, 8, 8, 4, 4, 32, 1},
    {16, 8, 4, 8, 4, 64, 1},  {16, 8, 2, 8, 8, 64, 1},  {16, 8, 2, 16, 8, 64, 2},
    {16, 8, 4, 16, 8, 64, 4}, {8, 16, 4, 4, 8, 64, 2},  {8, 16, 4, 4, 4, 64, 1},
    {16, 16, 4, 2, 8, 32, 1}, {16, 16, 8, 2, 8, 32, 2}, {16, 16, 8, 1, 8, 32, 2},
    {16, 16, 2, 4, 8, 64, 1}, {16, 16, 4, 4, 8, 64, 2}, {16, 16, 4, 4, 4, 64, 1},
    {16, 16, 2, 8, 8, 64, 2}, {16, 16, 4, 8, 8, 64, 4}, {16, 16, 2, 8, 16, 64, 4},
    {16, 32, 4, 4, 4, 64, 2}, {16, 32, 2, 4, 8, 64, 2}, {32, 16, 4, 2, 4, 64, 1},
    {32, 16, 4, 4, 4, 64, 2}, {32, 16, 2, 4, 8, 64, 2}, {32, 16, 4, 4, 8, 64, 4},
    {32, 16, 4, 1, 8, 64, 2}, {32, 32, 4, 2, 4, 64, 2}, {32, 32, 4, 4, 4, 64, 4},
    {32, 32, 8, 2, 4, 64, 4}, {32, 32, 4, 1, 8, 64, 4},
};

// Complex A by real B.
inline constexpr MmulShape half_complex_shapes[] = {
    {16, 16, 2, 4, 8, 64, 2},
    {16, 16, 4, 4, 4, 64, 2},
};
inline constexpr MmulShape complex_shapes[] = {
    {16, 16, 1, 4, 8, 64, 2}, {16, 16, 2, 4, 8, 64, 4}, {32, 16, 1, 2, 4, 64, 2},
    {32, 16, 1, 2, 8, 64, 2}, {32, 16, 2, 2, 8, 64, 4}, {32, 16, 1, 4, 8, 64, 4},
    {32, 16, 2, 4, 8, 64, 8}, {32, 32, 1, 2, 8, 64, 4},
};
inline constexpr MmulShape float_shapes[] = {
    {16, 16, 4, 8, 4, 32, 1}, {16, 16, 8, 8, 4, 32, 2},  {16, 16, 4, 8, 8, 32, 2},
    {16, 16, 8, 8, 8, 32, 4}, {16, 16, 4, 16, 4, 32, 2}, {16, 16, 4, 16, 8, 32, 4},
    {16, 16, 8, 1, 8, 32, 4}, {32, 32, 4, 8, 4, 32, 1},  {32, 32, 4, 1, 4, 32, 1},
    {32, 32, 4, 1, 8, 32, 2},
};
inline constexpr MmulShape complex_float_shapes[] = {{16, 16, 2, 8, 2, 32, 1}};

template <unsigned Count>
constexpr MmulShape find_shape(const MmulShape (&table)[Count], MmulShape wanted) {
  for (const MmulShape &shape : table)
    if (shape.bits_a == wanted.bits_a && shape.bits_b == wanted.bits_b &&
        shape.rows == wanted.rows && shape.inner == wanted.inner && shape.columns == wanted.columns)
      return shape;
  return {};
}

// The shape as AIE2 has it; storage_bits is 0 where it has none.
template <unsigned M, unsigned K, unsigned N, class A, class B>
constexpr MmulShape mmul_shape() {
  constexpr MmulShape wanted{element<typename element<A>::part>::bits,
                             element<typename element<B>::part>::bits,
                             M,
                             K,
                             N,
                             0,
                             0};
  constexpr bool a_complex = element<A>::is_complex, b_complex = element<B>::is_complex;
  if constexpr (element<A>::is_floating != element<B>::is_floating)
    return {};
  else if constexpr (element<A>::is_floating)
    return a_complex   ? find_shape(complex_float_shapes, wanted)
           : b_complex ? MmulShape{}
                       : find_shape(float_shapes, wanted);
  else if constexpr (a_complex && b_complex)
    return find_shape(complex_shapes, wanted);
  else if constexpr (a_complex)
    return find_shape(half_complex_shapes, wanted);
  else
    return b_complex ? MmulShape{} : find_shape(integer_shapes, wanted);
}

}  // namespace aie::detail
