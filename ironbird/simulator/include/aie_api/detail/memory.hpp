// Loads and stores between vectors and data memory.
//
// An aligned access of the chip drops the low address bits; here it is reported, then done as the
// chip would. 128-bit vectors need 16 bytes, all others 32.
#pragma once

#include "accum.hpp"

namespace aie {

enum class aie_dm_resource { none, PM, DM, DM_test, stack, a, b, c, d, ab, ac, ad, bc, bd, cd, TM };
template <class T>
using aie_dm_resource_remove_t = T;
template <class T, aie_dm_resource>
using aie_dm_resource_set_t = T;
template <class T>
inline constexpr aie_dm_resource aie_dm_resource_get_v = aie_dm_resource::none;

namespace detail {

[[gnu::cold, gnu::noinline]] inline void complain_of_alignment(const char *function, const void *p,
                                                               unsigned alignment, const char *file,
                                                               int line) {
  char text[512];
  snprintf(text, sizeof text,
           "%s:%d: %s at address %p, which is not a multiple of %u bytes; the chip drops the low "
           "address bits, use the unaligned form",
           file, line, function, p, alignment);
  complain(text);
}

template <class P>
AIE_HOST_INLINE P *floored(P *p, uintptr_t bytes) {
  return (P *)((uintptr_t)p & ~(bytes - 1));
}

template <unsigned Bytes, class P>
AIE_HOST_INLINE P *checked(P *p, const char *function, const char *file, int line) {
  constexpr unsigned alignment = Bytes <= 16 ? 16 : 32;
#if !IRONBIRD_FRAME
  if (__builtin_expect(((uintptr_t)p & (alignment - 1)) != 0, 0)) {
    complain_of_alignment(function, p, alignment, file, line);
    return floored(p, alignment);
  }
#endif
  (void)alignment, (void)function, (void)file, (void)line;
  return p;
}

template <unsigned N, class T>
inline constexpr unsigned lanes_or_default = N == 0 ? native_lanes<std::remove_cv_t<T>> : N;

template <class T, unsigned N>
AIE_HOST_INLINE vector<T, N> loaded(const void *p) {
  vector<T, N> v;
  copy_in(v.lane, p);
  return v;
}

}  // namespace detail

template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto load_v(const T *p, const char *file = __builtin_FILE(),
                            int line = __builtin_LINE()) {
  using V = vector<std::remove_cv_t<T>, detail::lanes_or_default<N, T>>;
  detail::count_load(detail::parts_of(V::bits(), 256));
  return detail::loaded<typename V::value_type, V::size()>(
      detail::checked<V::bytes()>(p, "aie::load_v", file, line));
}

template <aie_dm_resource = aie_dm_resource::none, class T, detail::AnyVector V>
AIE_HOST_INLINE T *store_v(T *p, const V &v, const char *file = __builtin_FILE(),
                           int line = __builtin_LINE()) {
  static_assert(std::is_same_v<T, typename V::value_type>,
                "aie::store_v: the pointer must be to the vector's element type");
  detail::count_store(detail::halves<T, V::lane_count>);
  detail::copy_out(detail::checked<V::total_bits / 8>(p, "aie::store_v", file, line), v.lane);
  return p;
}
template <aie_dm_resource = aie_dm_resource::none, class T, unsigned N>
  requires(!detail::element<T>::is_complex && detail::element<T>::is_floating)
AIE_HOST_INLINE T *store_v(T *p, const accum<accfloat, N> &acc, const char *file = __builtin_FILE(),
                           int line = __builtin_LINE()) {
  return store_v(p, acc.template to_vector<T>(), file, line);
}

template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto load_unaligned_v(const T *p, [[maybe_unused]] unsigned aligned_elems = 1) {
  using V = vector<std::remove_cv_t<T>, detail::lanes_or_default<N, T>>;
  detail::count_load(detail::parts_of(V::bits(), 256) + 1);
  detail::count_move(detail::parts_of(V::bits(), 512));
  detail::count_scalar(1);
  return detail::loaded<typename V::value_type, V::size()>(p);
}

template <aie_dm_resource = aie_dm_resource::none, class T, detail::AnyVector V>
AIE_HOST_INLINE T *store_unaligned_v(T *p, const V &v,
                                     [[maybe_unused]] unsigned aligned_elems = 1) {
  static_assert(std::is_same_v<T, typename V::value_type>,
                "aie::store_unaligned_v: the pointer must be to the vector's element type");
  constexpr unsigned halves = detail::halves<T, V::lane_count>;
  detail::count_load(2 * halves);
  detail::count_store(halves + 1);
  detail::count_move(2 * detail::wholes<T, V::lane_count>);
  detail::copy_out(p, v.lane);
  return p;
}

// The address is rounded down to `elements` (a power of two) first.
template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto load_floor_v(const T *p, unsigned elements = detail::lanes_or_default<N, T>) {
  constexpr unsigned bits = detail::element<std::remove_cv_t<T>>::bits;
  return load_v<N>(detail::floored(p, elements * bits / 8));
}
template <unsigned N = 0, aie_dm_resource = aie_dm_resource::none, class T>
AIE_HOST_INLINE auto load_floor_bytes_v(const T *p, unsigned bytes) {
  return load_v<N>(detail::floored(p, bytes));
}
template <aie_dm_resource = aie_dm_resource::none, class T, detail::AnyVector V>
AIE_HOST_INLINE T *store_floor_v(T *p, const V &v, unsigned elements = V::lane_count) {
  return store_v(detail::floored(p, elements * detail::element<T>::bits / 8), v);
}
template <aie_dm_resource = aie_dm_resource::none, class T, detail::AnyVector V>
AIE_HOST_INLINE T *store_floor_bytes_v(T *p, const V &v, unsigned bytes) {
  return store_v(detail::floored(p, bytes), v);
}

template <class T, unsigned N>
template <class P>
AIE_HOST_INLINE vector<T, N> &vector<T, N>::load(const P *p) {
  return *this = load_v<N>((const T *)p);
}
template <class T, unsigned N>
template <class P>
AIE_HOST_INLINE const vector<T, N> &vector<T, N>::store(P *p) const {
  store_v((T *)p, *this);
  return *this;
}
template <class T, unsigned N>
template <class P>
AIE_HOST_INLINE vector<T, N> &vector<T, N>::load_unaligned(const P *p, unsigned aligned_elems) {
  return *this = load_unaligned_v<N>((const T *)p, aligned_elems);
}
template <class T, unsigned N>
template <class P>
AIE_HOST_INLINE const vector<T, N> &vector<T, N>::store_unaligned(P *p,
                                                                  unsigned aligned_elems) const {
  store_unaligned_v((T *)p, *this, aligned_elems);
  return *this;
}

// ---- made of nothing, of one element, of parts

template <class T, unsigned N = detail::native_lanes<T>>
  requires detail::element<T>::known
AIE_HOST_INLINE vector<T, N> zeros() {
  detail::count_move(1);
  return detail::filled<T, N>(T{});
}
template <class Tag, unsigned N>
  requires detail::accumulator<Tag>::known
AIE_HOST_INLINE accum<Tag, N> zeros() {
  detail::count_move(1);
  accum<Tag, N> acc;
  detail::by_lanes(acc.lane, [](unsigned) { return detail::accumulator_lane<Tag>{}; });
  return acc;
}

template <class T, unsigned N = detail::native_lanes<T>, class E>
AIE_HOST_INLINE vector<T, N> broadcast(const E &x) {
  detail::count_move(1);
  if constexpr (std::is_same_v<detail::element_value_t<E>, T>)
    return detail::filled<T, N>(static_cast<T>(x));
  else
    return detail::filled<T, N>(T(static_cast<detail::element_value_t<E>>(x)));
}
template <class E>
  requires detail::AnyElement<E>
AIE_HOST_INLINE auto broadcast(const E &x) {
  return broadcast<detail::element_value_t<E>>(x);
}

template <detail::AnyVector V, class... Rest>
AIE_HOST_INLINE auto concat(const V &first, const Rest &...rest) {
  using T = typename V::value_type;
  constexpr unsigned part = V::lane_count, parts = 1 + sizeof...(rest);
  static_assert((std::is_same_v<typename Rest::value_type, T> && ...) &&
                    ((Rest::lane_count == part) && ...) && std::has_single_bit(parts),
                "aie::concat: parts of one type and size, their number a power of two");
  vector<T, part * parts> whole;
  unsigned at = 0;
  whole.template insert<part>(at++, first);
  (whole.template insert<part>(at++, rest), ...);
  return whole;
}
template <detail::AnyAccum A, class... Rest>
AIE_HOST_INLINE auto concat(const A &first, const Rest &...rest) {
  constexpr unsigned part = A::lane_count, parts = 1 + sizeof...(rest);
  static_assert(((Rest::lane_count == part) && ...) && std::has_single_bit(parts),
                "aie::concat: parts of one type and size, their number a power of two");
  accum<typename A::storage, part * parts> whole;
  unsigned at = 0;
  whole.template insert<part>(at++, first);
  (whole.template insert<part>(at++, rest), ...);
  return whole;
}
template <class... Parts>
AIE_HOST_INLINE auto concat(const std::tuple<Parts...> &parts) {
  return std::apply([](const auto &...each) { return concat(each...); }, parts);
}

template <class T, detail::AnyVector V>
AIE_HOST_INLINE auto vector_cast(const V &v) {
  if constexpr (detail::accumulator<T>::known) {
    using Lane = detail::accumulator_lane<T>;
    accum<T, V::total_bits / detail::element<Lane>::bits> cast;
    detail::copy_bits(cast.lane, v.lane);
    return cast;
  } else {
    return detail::vector_of<V>(v).template cast_to<T>();
  }
}
template <class T, detail::AnyAccum A>
AIE_HOST_INLINE auto vector_cast(const A &acc) {
  vector<T, A::total_bits / detail::element<T>::bits> cast;
  detail::copy_bits(cast.lane, acc.lane);
  return cast;
}
template <class Tag, detail::AnyAccum A>
AIE_HOST_INLINE auto accum_cast(const A &acc) {
  return detail::accum_of<A>(acc).template cast_to<Tag>();
}
template <class T, detail::AnyAccum A>
AIE_HOST_INLINE auto to_vector(const A &acc, int shift = 0) {
  return detail::accum_of<A>(acc).template to_vector<T>(shift);
}
template <class Tag, detail::AnyVector V>
AIE_HOST_INLINE accum<Tag, V::lane_count> from_vector(const V &v, int shift = 0) {
  return accum<Tag, V::lane_count>(v, shift);
}
template <class T = void, detail::AnyVector V>
AIE_HOST_INLINE auto pack(const V &v) {
  return detail::vector_of<V>(v).template pack<T>();
}
template <class T = void, detail::AnyVector V>
AIE_HOST_INLINE auto unpack(const V &v) {
  return detail::vector_of<V>(v).template unpack<T>();
}

}  // namespace aie
