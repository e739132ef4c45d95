// Buffer streams: pointers that advance by a vector at each read or write, and tensor descriptors.
#pragma once

#include "iterator.hpp"

namespace aie {

namespace detail {

template <class T, unsigned N, bool Aligned>
class buffer_stream {
 public:
  using value_type = vector<std::remove_const_t<T>, N>;

  explicit buffer_stream(T *p) : p_(p) {}

  AIE_HOST_INLINE value_type pop() {
    const T *from = p_;
    p_ += elements_per_step<T, N>;
    if constexpr (Aligned)
      return load_v<N>(from);
    else
      return load_unaligned_v<N>(from);
  }
  AIE_HOST_INLINE void push(const value_type &v) {
    T *to = p_;
    p_ += elements_per_step<T, N>;
    if constexpr (Aligned)
      store_v(to, v);
    else
      store_unaligned_v(to, v);
  }
  AIE_HOST_INLINE buffer_stream &operator>>(value_type &v) {
    v = pop();
    return *this;
  }
  AIE_HOST_INLINE buffer_stream &operator<<(const value_type &v) {
    push(v);
    return *this;
  }

 private:
  T *p_;
};

}  // namespace detail

template <class T, unsigned N>
using vector_input_buffer_stream = detail::buffer_stream<const T, N, true>;
template <class T, unsigned N>
using vector_output_buffer_stream = detail::buffer_stream<T, N, true>;
template <class T, unsigned N>
using unaligned_vector_input_buffer_stream = detail::buffer_stream<const T, N, false>;
template <class T, unsigned N>
using unaligned_vector_output_buffer_stream = detail::buffer_stream<T, N, false>;

template <unsigned N = 0, class T>
AIE_HOST_INLINE auto make_vector_input_buffer_stream(const T *p) {
  return vector_input_buffer_stream<T, detail::lanes_or_default<N, T>>(p);
}
template <unsigned N = 0, class T>
AIE_HOST_INLINE auto make_vector_output_buffer_stream(T *p) {
  return vector_output_buffer_stream<T, detail::lanes_or_default<N, T>>(p);
}
template <unsigned N = 0, class T>
AIE_HOST_INLINE auto make_unaligned_vector_input_buffer_stream(const T *p, unsigned = 1) {
  return unaligned_vector_input_buffer_stream<T, detail::lanes_or_default<N, T>>(p);
}
template <unsigned N = 0, class T>
AIE_HOST_INLINE auto make_unaligned_vector_output_buffer_stream(T *p, unsigned = 1) {
  return unaligned_vector_output_buffer_stream<T, detail::lanes_or_default<N, T>>(p);
}

// `size` steps of `step` vectors (of `step` bytes in the _bytes form); step 0 repeats.
struct tensor_dim {
  unsigned size;
  int step;
  constexpr tensor_dim(unsigned count, int stride) : size(count), step(stride) {}
};

template <class T, unsigned N, unsigned Dimensions>
struct tensor_descriptor {
  static constexpr unsigned dimensions = Dimensions;
  unsigned size[Dimensions];
  ptrdiff_t step_bytes[Dimensions];
};

namespace detail {

template <class T, unsigned N, class... Dims>
constexpr auto described(int unit_bytes, const Dims &...dims) {
  tensor_descriptor<T, N, sizeof...(Dims)> descriptor{};
  unsigned d = 0;
  ((descriptor.size[d] = dims.size, descriptor.step_bytes[d++] = ptrdiff_t(dims.step) * unit_bytes),
   ...);
  return descriptor;
}

}  // namespace detail

// Outermost dimension first.
template <class T, unsigned N, class... Dims>
constexpr auto make_tensor_descriptor(const Dims &...dims) {
  return detail::described<T, N>(int(N * detail::element<T>::bits / 8), dims...);
}
template <class T, unsigned N, class... Dims>
constexpr auto make_tensor_descriptor_bytes(const Dims &...dims) {
  return detail::described<T, N>(1, dims...);
}

// Vectors in the order of the descriptor. Streams of more than three dimensions nest: `pop` gives
// the stream of the three innermost dimensions.
template <class T, class Element, unsigned N, unsigned Dimensions>
class tensor_buffer_stream {
 public:
  tensor_buffer_stream(T *p, const tensor_descriptor<Element, N, Dimensions> &descriptor)
      : p_(p), descriptor_(descriptor) {}

  AIE_HOST_INLINE auto pop() {
    if constexpr (Dimensions > 3) {
      tensor_descriptor<Element, N, 3> inner{};
      for (unsigned d = 0; d < 3; ++d) {
        inner.size[d] = descriptor_.size[Dimensions - 3 + d];
        inner.step_bytes[d] = descriptor_.step_bytes[Dimensions - 3 + d];
      }
      return tensor_buffer_stream<T, Element, N, 3>(advance(Dimensions - 3), inner);
    } else {
      return load_v<N>(static_cast<const Element *>(advance(Dimensions)));
    }
  }
  AIE_HOST_INLINE tensor_buffer_stream &operator>>(vector<Element, N> &v) {
    v = pop();
    return *this;
  }
  AIE_HOST_INLINE void push(const vector<Element, N> &v) { store_v(advance(Dimensions), v); }
  AIE_HOST_INLINE tensor_buffer_stream &operator<<(const vector<Element, N> &v) {
    push(v);
    return *this;
  }

 private:
  // The place of the current step; then one step of the innermost of the first `dimensions`.
  AIE_HOST_INLINE T *advance(unsigned dimensions) {
    detail::count_scalar(1);
    ptrdiff_t bytes = 0;
    for (unsigned d = 0; d < dimensions; ++d)
      bytes += ptrdiff_t(at_[d]) * descriptor_.step_bytes[d];
    for (unsigned d = dimensions; d > 0; --d) {
      if (++at_[d - 1] < descriptor_.size[d - 1]) break;
      at_[d - 1] = 0;
    }
    return (T *)((uintptr_t)p_ + uintptr_t(bytes));
  }

  T *p_;
  tensor_descriptor<Element, N, Dimensions> descriptor_;
  unsigned at_[Dimensions] = {};
};

template <class T, class Element, unsigned N, unsigned Dimensions>
AIE_HOST_INLINE auto make_tensor_buffer_stream(
    T *p, const tensor_descriptor<Element, N, Dimensions> &descriptor) {
  return tensor_buffer_stream<T, Element, N, Dimensions>(p, descriptor);
}
template <class T, class Element, unsigned N, unsigned Dimensions>
AIE_HOST_INLINE auto make_restrict_tensor_buffer_stream(
    T *p, const tensor_descriptor<Element, N, Dimensions> &descriptor) {
  return make_tensor_buffer_stream(p, descriptor);
}

}  // namespace aie
