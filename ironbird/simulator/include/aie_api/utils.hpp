// Printing vectors, for debugging a kernel on the host.
#pragma once

#include "aie.hpp"

namespace aie {

namespace detail {

template <class T>
inline void print_lane(T x) {
  if constexpr (element<T>::is_complex) {
    print_lane(x.real);
    printf("i");
    print_lane(x.imag);
  } else if constexpr (element<T>::is_floating) {
    printf("%g ", double(float(x)));
  } else {
    printf("%lld ", static_cast<long long>(x));
  }
}

}  // namespace detail

template <detail::AnyVector V>
inline void print(const V &v, bool nl = false, const char *prefix = nullptr) {
  if (prefix != nullptr) printf("%s", prefix);
  for (unsigned i = 0; i < V::lane_count; ++i) detail::print_lane(v.lane.get(i));
  if (nl) printf("\n");
}
template <detail::AnyVector V>
inline void print_matrix(const V &v, unsigned columns, const char *prefix = "") {
  for (unsigned i = 0; i < V::lane_count; ++i) {
    if (i % columns == 0) printf("%s", prefix);
    detail::print_lane(v.lane.get(i));
    if (i % columns == columns - 1) printf("\n");
  }
}
template <detail::AnyVector V>
inline void print_fixed(const V &v, int shift, bool nl = false, const char *prefix = nullptr) {
  if (prefix != nullptr) printf("%s", prefix);
  for (unsigned i = 0; i < V::lane_count; ++i)
    printf("%g ", double(v.lane.get(i)) / double(1ull << shift));
  if (nl) printf("\n");
}

}  // namespace aie
