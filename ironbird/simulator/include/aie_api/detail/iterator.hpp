// Iterators over data memory in steps of whole vectors, and buffer streams made of them.
//
// `*it` is a reference to the vector in memory: assigning stores, copying loads. Nothing is cached,
// since kernels write through one iterator what they read through another.
#pragma once

// Not <iterator>, whose streams and locales take a third of a small kernel's compilation: its tags
// come with the algorithms.
#include <algorithm>

#include "memory.hpp"

namespace aie {

namespace detail {

#if IRONBIRD_COUNT
// Only the counting build tells a store through an iterator from a load: a reference counts as a
// load when it is made, and as a store instead when it is assigned.
template <class T, unsigned N>
class vector_in_memory : public vector<T, N> {
 public:
  AIE_HOST_INLINE vector_in_memory &operator=(const vector<T, N> &v) {
    count_load(0u - halves<T, N>);
    count_store(halves<T, N>);
    vector<T, N>::operator=(v);
    return *this;
  }
  AIE_HOST_INLINE vector_in_memory &operator=(const vector_in_memory &v) {
    return *this = static_cast<const vector<T, N> &>(v);
  }
};
template <class T, unsigned N>
using vector_reference =
    std::conditional_t<std::is_const_v<T>, const vector<std::remove_const_t<T>, N>,
                       vector_in_memory<std::remove_const_t<T>, N>> &;
#else
template <class T, unsigned N>
using vector_reference =
    std::conditional_t<std::is_const_v<T>, const vector<std::remove_const_t<T>, N>,
                       vector<std::remove_const_t<T>, N>> &;
#endif

template <class T, unsigned N>
AIE_HOST_INLINE vector_reference<T, N> vector_at(T *p) {
  count<&SlotCounts::load>(halves<std::remove_const_t<T>, N>);
#if IRONBIRD_FRAME
  ironbird_frame_place[0] = *(const volatile unsigned char *)p;
#endif
  constexpr unsigned bytes = N * element<std::remove_const_t<T>>::bits / 8;
  p = checked<bytes>(p, "a vector iterator", "kernel", 0);
  return (vector_reference<T, N>)*p;
}

// Elements to advance for N lanes: half as many bytes for 4-bit elements, two to a byte.
template <class T, unsigned N>
inline constexpr ptrdiff_t elements_per_step =
    is_nibble<std::remove_const_t<T>> ? ptrdiff_t(N / 2) : ptrdiff_t(N);

}  // namespace detail

template <class T, unsigned N>
class vector_iterator {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = vector<std::remove_const_t<T>, N>;
  using reference = detail::vector_reference<T, N>;
  using pointer = std::remove_reference_t<reference> *;
  using difference_type = ptrdiff_t;
  static constexpr ptrdiff_t step = detail::elements_per_step<T, N>;

  AIE_HOST_INLINE explicit vector_iterator(T *p = nullptr) : p_(p) {}
  AIE_HOST_INLINE reference operator*() const { return detail::vector_at<T, N>(p_); }
  AIE_HOST_INLINE pointer operator->() const { return &**this; }
  AIE_HOST_INLINE reference operator[](ptrdiff_t n) const { return *(*this + n); }
  AIE_HOST_INLINE vector_iterator &operator++() { return *this += 1; }
  AIE_HOST_INLINE vector_iterator &operator--() { return *this -= 1; }
  AIE_HOST_INLINE vector_iterator operator++(int) {
    const vector_iterator before = *this;
    ++*this;
    return before;
  }
  AIE_HOST_INLINE vector_iterator operator--(int) {
    const vector_iterator before = *this;
    --*this;
    return before;
  }
  AIE_HOST_INLINE vector_iterator &operator+=(ptrdiff_t n) {
    p_ += n * step;
    return *this;
  }
  AIE_HOST_INLINE vector_iterator &operator-=(ptrdiff_t n) { return *this += -n; }
  AIE_HOST_INLINE vector_iterator operator+(ptrdiff_t n) const {
    return vector_iterator(p_ + n * step);
  }
  AIE_HOST_INLINE vector_iterator operator-(ptrdiff_t n) const { return *this + -n; }
  AIE_HOST_INLINE ptrdiff_t operator-(const vector_iterator &other) const {
    return (p_ - other.p_) / step;
  }
  friend bool operator==(const vector_iterator &a, const vector_iterator &b) {
    return a.p_ == b.p_;
  }
  friend auto operator<=>(const vector_iterator &a, const vector_iterator &b) {
    return a.p_ <=> b.p_;
  }

 private:
  T *p_;
};
template <class T, unsigned N>
using restrict_vector_iterator = vector_iterator<T, N>;

template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto begin_vector(T *p) {
  return vector_iterator<T, detail::lanes_or_default<N, T>>(p);
}
template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto cbegin_vector(const T *p) {
  return vector_iterator<const T, detail::lanes_or_default<N, T>>(p);
}
template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto begin_restrict_vector(T *p) {
  return begin_vector<N>(p);
}
template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto cbegin_restrict_vector(const T *p) {
  return cbegin_vector<N>(p);
}
template <unsigned N = 0, class... T>
AIE_HOST_INLINE auto begin_vectors(T *...p) {
  return std::tuple(begin_vector<N>(p)...);
}

namespace detail {

// A place in memory that loads and stores a whole vector at any address.
template <class T, unsigned N>
class unaligned_place {
 public:
  AIE_HOST_INLINE explicit unaligned_place(T *p) : p_(p) {}
  AIE_HOST_INLINE operator vector<std::remove_const_t<T>, N>() const {
    return load_unaligned_v<N>(p_);
  }
  AIE_HOST_INLINE const unaligned_place &operator=(
      const vector<std::remove_const_t<T>, N> &v) const {
    store_unaligned_v(p_, v);
    return *this;
  }

 private:
  T *p_;
};

}  // namespace detail

template <class T, unsigned N>
class unaligned_vector_iterator {
 public:
  AIE_HOST_INLINE explicit unaligned_vector_iterator(T *p) : p_(p) {}
  AIE_HOST_INLINE detail::unaligned_place<T, N> operator*() const {
    return detail::unaligned_place<T, N>(p_);
  }
  AIE_HOST_INLINE unaligned_vector_iterator &operator++() {
    p_ += detail::elements_per_step<T, N>;
    return *this;
  }
  AIE_HOST_INLINE unaligned_vector_iterator operator++(int) {
    const unaligned_vector_iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const unaligned_vector_iterator &a,
                         const unaligned_vector_iterator &b) = default;

 private:
  T *p_;
};

template <unsigned N = 0, class T>
AIE_HOST_INLINE auto begin_unaligned_vector(T *p, [[maybe_unused]] unsigned aligned_elems = 1) {
  return unaligned_vector_iterator<T, detail::lanes_or_default<N, T>>(p);
}
template <unsigned N = 0, class T>
AIE_HOST_INLINE auto cbegin_unaligned_vector(const T *p,
                                             [[maybe_unused]] unsigned aligned_elems = 1) {
  return unaligned_vector_iterator<const T, detail::lanes_or_default<N, T>>(p);
}

// N = 0 walks elements, otherwise vectors of N lanes; both wrap after `elements`.
template <class T, unsigned N>
class circular_iterator {
 public:
  AIE_HOST_INLINE circular_iterator(T *p, size_t elements, size_t at = 0)
      : start_(p), elements_(elements), at_(at) {}
  AIE_HOST_INLINE decltype(auto) operator*() const {
    if constexpr (N == 0)
      return (start_[at_]);
    else
      return detail::vector_at<T, N>(start_ + at_);
  }
  AIE_HOST_INLINE circular_iterator &operator+=(ptrdiff_t n) {
    const ptrdiff_t length = static_cast<ptrdiff_t>(elements_);
    const ptrdiff_t to = (static_cast<ptrdiff_t>(at_) + n * ptrdiff_t(N == 0 ? 1 : N)) % length;
    at_ = static_cast<size_t>(to < 0 ? to + length : to);
    return *this;
  }
  AIE_HOST_INLINE circular_iterator &operator-=(ptrdiff_t n) { return *this += -n; }
  AIE_HOST_INLINE circular_iterator &operator++() { return *this += 1; }
  AIE_HOST_INLINE circular_iterator &operator--() { return *this -= 1; }
  AIE_HOST_INLINE circular_iterator operator++(int) {
    const circular_iterator before = *this;
    ++*this;
    return before;
  }
  AIE_HOST_INLINE circular_iterator operator+(ptrdiff_t n) const {
    circular_iterator moved = *this;
    return moved += n;
  }
  AIE_HOST_INLINE circular_iterator operator-(ptrdiff_t n) const { return *this + -n; }
  friend bool operator==(const circular_iterator &a, const circular_iterator &b) = default;

 private:
  T *start_;
  size_t elements_, at_;
};

template <class T>
AIE_HOST_INLINE auto begin_circular(T *p, size_t elements) {
  return circular_iterator<T, 0>(p, elements);
}
template <size_t Elements, class T>
AIE_HOST_INLINE auto begin_circular(T *p) {
  return circular_iterator<T, 0>(p, Elements);
}
template <class T, size_t Elements>
AIE_HOST_INLINE auto begin_circular(std::array<T, Elements> &a) {
  return circular_iterator<T, 0>(a.data(), Elements);
}
template <unsigned N = 0, class T>
AIE_HOST_INLINE auto begin_vector_circular(T *p, size_t elements) {
  return circular_iterator<T, detail::lanes_or_default<N, T>>(p, elements);
}
template <class... A>
AIE_HOST_INLINE auto begin_random_circular(A &&...a) {
  return begin_circular(std::forward<A>(a)...);
}
template <unsigned N = 0, class T>
AIE_HOST_INLINE auto begin_vector_random_circular(T *p, size_t elements) {
  return begin_vector_circular<N>(p, elements);
}

// Step i advances by offsets[i mod S] elements.
template <class T, unsigned S>
class pattern_iterator {
 public:
  template <class... Offsets>
  AIE_HOST_INLINE explicit pattern_iterator(T *p, Offsets... offsets)
      : p_(p), offset_{int(offsets)...} {}
  AIE_HOST_INLINE T &operator*() const { return *p_; }
  AIE_HOST_INLINE pattern_iterator &operator++() {
    p_ += offset_[at_];
    at_ = (at_ + 1) % S;
    return *this;
  }
  AIE_HOST_INLINE pattern_iterator operator++(int) {
    const pattern_iterator before = *this;
    ++*this;
    return before;
  }

 private:
  T *p_;
  int offset_[S];
  unsigned at_ = 0;
};
template <unsigned S, class T, class... Offsets>
AIE_HOST_INLINE auto begin_pattern(T *p, Offsets... offsets) {
  static_assert(sizeof...(offsets) == S, "begin_pattern: one offset for each step");
  return pattern_iterator<T, S>(p, offsets...);
}

}  // namespace aie
