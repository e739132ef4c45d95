// aie::vector<T, N>: N elements of T, lane 0 at the lowest address.
#pragma once

#include <array>
#include <tuple>
#include <utility>

#include "conversion.hpp"

namespace aie {

namespace detail {

template <class T>
inline constexpr unsigned native_lanes = is_nibble<T> ? 128 : 512 / element<T>::bits;

template <class T>
struct pack_target;
// clang-format off
template <> struct pack_target<int16_t> { using type = int8_t; };
template <> struct pack_target<uint16_t> { using type = uint8_t; };
template <> struct pack_target<int32_t> { using type = int16_t; };
template <> struct pack_target<uint32_t> { using type = uint16_t; };
template <> struct pack_target<int8_t> { using type = int4; };
template <> struct pack_target<uint8_t> { using type = uint4; };
template <> struct pack_target<cint32> { using type = cint16; };

template <class T> struct unpack_target;
template <> struct unpack_target<int4> { using type = int8_t; };
template <> struct unpack_target<uint4> { using type = uint8_t; };
template <> struct unpack_target<int8_t> { using type = int16_t; };
template <> struct unpack_target<uint8_t> { using type = uint16_t; };
template <> struct unpack_target<int16_t> { using type = int32_t; };
template <> struct unpack_target<uint16_t> { using type = uint32_t; };
template <> struct unpack_target<cint16> { using type = cint32; };
// clang-format on

}  // namespace detail

template <class T, unsigned N = detail::native_lanes<T>>
class vector;

// A lane that can be assigned: what `v[i]` of a non-const vector is.
template <class T, unsigned N>
class vector_elem_ref {
 public:
  using value_type = T;
  AIE_HOST_INLINE vector_elem_ref(detail::native_vector<T, N> &parent, unsigned offset)
      : parent_(parent), offset_(offset) {}
  vector_elem_ref(const vector_elem_ref &) = default;

  AIE_HOST_INLINE operator T() const { return parent_.lane.get(offset_); }
  // Two user conversions do not chain, so bfloat16 lanes convert to float themselves.
  AIE_HOST_INLINE operator float() const
    requires std::is_same_v<T, bfloat16>
  {
    return float(parent_.lane.get(offset_));
  }
  AIE_HOST_INLINE T get() const { return parent_.lane.get(offset_); }
  AIE_HOST_INLINE vector_elem_ref &operator=(const T &value) {
    parent_.lane.set(offset_, value);
    return *this;
  }
  AIE_HOST_INLINE vector_elem_ref &operator=(const vector_elem_ref &other) {
    parent_.lane.set(offset_, other.get());
    return *this;
  }
  template <class U>
  AIE_HOST_INLINE vector_elem_ref &operator+=(const U &x) {
    return *this = T(get() + x);
  }
  template <class U>
  AIE_HOST_INLINE vector_elem_ref &operator-=(const U &x) {
    return *this = T(get() - x);
  }
  template <class U>
  AIE_HOST_INLINE vector_elem_ref &operator*=(const U &x) {
    return *this = T(get() * x);
  }

 private:
  detail::native_vector<T, N> &parent_;
  unsigned offset_;
};

template <class T, unsigned N>
class vector : public detail::native_vector<T, N> {
  static_assert(
      detail::element<T>::known,
      "aie::vector: not an element type of AIE2 (integers of 4 to 32 bits, bfloat16, float "
      "and their complex pairs; block floating point needs XDNA2)");
  static_assert(!std::is_same_v<T, int64_t> && !std::is_same_v<T, uint64_t>,
                "aie::vector: 64-bit integers are scalars only");
  static_assert(N * detail::element<T>::bits >= 128 && N * detail::element<T>::bits % 128 == 0,
                "aie::vector: the size must be 128, 256, 512 or 1024 bits, or a multiple of 512");

 public:
  using value_type = T;
  using native_type = detail::native_vector<T, N>;
  using storage_t = native_type;
  using native_type::lane;

  static constexpr unsigned size() { return N; }
  static constexpr unsigned bits() { return N * detail::element<T>::bits; }
  static constexpr unsigned bytes() { return bits() / 8; }
  static constexpr unsigned type_bits() { return detail::element<T>::bits; }
  static constexpr bool is_signed() { return detail::element<T>::is_signed; }
  static constexpr bool is_complex() { return detail::element<T>::is_complex; }
  static constexpr bool is_real() { return !is_complex(); }
  static constexpr bool is_floating_point() { return detail::element<T>::is_floating; }
  static constexpr bool is_integral() { return !is_floating_point(); }

  // Elements are undefined; here they hold a pattern that is a NaN as bf16 and as float.
  AIE_HOST_INLINE vector() { lane.poison(); }
  AIE_HOST_INLINE vector(const native_type &native) : native_type(native) {}
  template <unsigned M>
    requires(M != N)
  vector(const detail::native_vector<T, M> &) = delete;
  // Lanes in order; fewer values leave the rest undefined.
  template <class... Values>
    requires(sizeof...(Values) >= 1 && sizeof...(Values) <= N &&
             (std::is_convertible_v<Values, T> && ...))
  AIE_HOST_INLINE explicit vector(const Values &...values) {
    if constexpr (sizeof...(Values) < N) lane.poison();
    unsigned i = 0;
    ((lane.set(i++, static_cast<T>(values))), ...);
  }

  AIE_HOST_INLINE native_type to_native() const { return *this; }

  AIE_HOST_INLINE T get(unsigned i) const { return lane.get(i); }
  AIE_HOST_INLINE void set(T value, unsigned i) {
    detail::count_move(1);
    lane.set(i, value);
  }
  AIE_HOST_INLINE T operator[](unsigned i) const {
    detail::count_move(1);
    return lane.get(i);
  }
  AIE_HOST_INLINE vector_elem_ref<T, N> operator[](unsigned i) {
    detail::count_move(1);
    return {*this, i};
  }
  AIE_HOST_INLINE vector_elem_ref<T, N> elem_ref(unsigned i) { return {*this, i}; }
  AIE_HOST_INLINE T elem_ref(unsigned i) const { return lane.get(i); }

  AIE_HOST_INLINE vector &push(T value) {
    detail::count_move(1);
    for (unsigned i = N - 1; i > 0; --i) lane.set(i, lane.get(i - 1));
    lane.set(0, value);
    return *this;
  }

  template <unsigned M>
  AIE_HOST_INLINE vector<T, M> extract(unsigned i) const {
    static_assert(M <= N && N % M == 0, "vector::extract: the part must divide the vector");
    vector<T, M> part;
    detail::by_lanes(part.lane, [&](unsigned k) { return lane.get(i * M + k); });
    return part;
  }
  template <unsigned M>
  AIE_HOST_INLINE vector &insert(unsigned i, const detail::native_vector<T, M> &part) {
    static_assert(M <= N && N % M == 0, "vector::insert: the part must divide the vector");
    for (unsigned k = 0; k < M; ++k) lane.set(i * M + k, part.lane.get(k));
    return *this;
  }
  template <unsigned M>
  AIE_HOST_INLINE vector<T, M> grow(unsigned i = 0) const {
    vector<T, M> grown;
    grown.insert(i, *this);
    return grown;
  }
  template <unsigned M>
  AIE_HOST_INLINE vector<T, M> grow_replicate() const {
    vector<T, M> grown;
    for (unsigned i = 0; i < M / N; ++i) grown.insert(i, *this);
    return grown;
  }
  template <unsigned Parts>
  AIE_HOST_INLINE auto split() const {
    std::array<vector<T, N / Parts>, Parts> parts;
    for (unsigned i = 0; i < Parts; ++i) parts[i] = extract<N / Parts>(i);
    return parts;
  }

  template <class U>
  AIE_HOST_INLINE auto cast_to() const {
    vector<U, bits() / detail::element<U>::bits> cast;
    detail::copy_bits(cast.lane, lane);
    return cast;
  }

  template <class U = void>
  AIE_HOST_INLINE auto unpack_sign(bool sign) const {
    static_assert(is_integral(), "vector::unpack exists for integers only");
    using To = std::conditional_t<std::is_void_v<U>, typename detail::unpack_target<T>::type, U>;
    detail::count_convert(detail::wholes<To, N>);
    vector<To, N> wide;
    if constexpr (is_complex())
      detail::by_lanes(wide.lane,
                       [&](unsigned i) { return To{lane.get(i).real, lane.get(i).imag}; });
    else
      detail::unpack(wide.lane, lane, sign);
    return wide;
  }
  template <class U = void>
  AIE_HOST_INLINE auto unpack() const {
    return unpack_sign<U>(is_signed());
  }
  template <class U = void>
  AIE_HOST_INLINE auto pack_sign(bool sign) const {
    static_assert(is_integral(), "vector::pack exists for integers only");
    using To = std::conditional_t<std::is_void_v<U>, typename detail::pack_target<T>::type, U>;
    static_assert(2 * detail::element<To>::bits == type_bits(), "vector::pack halves the bits");
    detail::count_convert(detail::wholes<T, N>);
    vector<To, N> narrow;
    if constexpr (is_complex()) {
      const auto limit = detail::Saturation::of(ironbird::current_core->saturation, 16, true);
      detail::by_lanes(narrow.lane, [&](unsigned i) {
        return To{int16_t(limit.apply(lane.get(i).real)), int16_t(limit.apply(lane.get(i).imag))};
      });
    } else {
      detail::pack(narrow.lane, lane, sign);
    }
    return narrow;
  }
  template <class U = void>
  AIE_HOST_INLINE auto pack() const {
    if constexpr (std::is_void_v<U>)
      return pack_sign<U>(is_signed());
    else
      return pack_sign<U>(detail::element<U>::is_signed);
  }

  template <class P>
  AIE_HOST_INLINE vector &load(const P *p);
  template <class P>
  AIE_HOST_INLINE const vector &store(P *p) const;
  template <class P>
  AIE_HOST_INLINE vector &load_unaligned(const P *p, unsigned aligned_elems = 1);
  template <class P>
  AIE_HOST_INLINE const vector &store_unaligned(P *p, unsigned aligned_elems = 1) const;
};

template <class T, unsigned N>
vector(const detail::native_vector<T, N> &) -> vector<T, N>;

template <class T>
inline constexpr unsigned native_vector_length_v = detail::native_lanes<T>;

// Bytes: what arrays that vectors load from are aligned to.
inline constexpr unsigned vector_decl_align = 32;

namespace detail {

// The aie::vector that an argument is: itself, or the vector made of a native one.
template <class V>
using vector_of = vector<typename V::value_type, V::lane_count>;

// A scalar, or a lane of a vector.
template <class E>
struct element_value {
  using type = E;
  static constexpr bool known = element<E>::known;
};
template <class T, unsigned N>
struct element_value<vector_elem_ref<T, N>> {
  using type = T;
  static constexpr bool known = true;
};
template <class E>
concept AnyElement = std::is_arithmetic_v<E> || element_value<E>::known;
template <class E>
using element_value_t = typename element_value<E>::type;

template <class T, unsigned N>
AIE_HOST_INLINE vector<T, N> filled(T value) {
  vector<T, N> v;
  by_lanes(v.lane, [&](unsigned) { return value; });
  return v;
}

// Whether E may stand for a vector of T: the same element type, or any number for a float one.
template <class E, class T>
inline constexpr bool stands_for = std::is_same_v<element_value_t<E>, T> ||
                                   (element<T>::is_floating && std::is_convertible_v<E, T>);

template <class V, class X>
AIE_HOST_INLINE V lifted(const X &x) {
  if constexpr (AnyVector<X>) {
    static_assert(std::is_same_v<typename X::value_type, typename V::value_type> &&
                      X::lane_count == V::lane_count,
                  "both vectors must have the same element type and the same number of elements");
    return V(static_cast<const native_vector<typename X::value_type, X::lane_count> &>(x));
  } else {
    using T = typename V::value_type;
    static_assert(
        stands_for<X, T>,
        "the element must have the vector's element type; cast it (int literals are int32)");
    return filled<T, V::lane_count>(static_cast<T>(x));
  }
}

// The vector type of a pair of operands of which at least one is a vector.
template <class A, class B>
struct operands_of {
  using type = vector_of<B>;
};
template <AnyVector A, class B>
struct operands_of<A, B> {
  using type = vector_of<A>;
};
template <class A, class B>
using operands_t = typename operands_of<A, B>::type;

template <class A, class B>
concept VectorPair =
    (AnyVector<A> && (AnyVector<B> || AnyElement<B>)) || (AnyElement<A> && AnyVector<B>);

}  // namespace detail

}  // namespace aie
