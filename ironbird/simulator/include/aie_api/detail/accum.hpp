// aie::accum<Tag, N>: N accumulator lanes, kept as 32-bit, 64-bit or fp32 by tag.
#pragma once

#include "vector.hpp"

namespace aie {

template <class Tag, unsigned N>
class accum : public detail::native_accum<detail::storage_tag<Tag>, N> {
  static_assert(detail::accumulator<Tag>::known, "aie::accum: not an accumulator tag of AIE2");
  using traits = detail::accumulator<Tag>;
  using storage_class = detail::storage_tag<Tag>;

 public:
  using value_type = typename traits::lane;
  using tag = Tag;
  using native_type = detail::native_accum<storage_class, N>;
  using storage_t = native_type;
  using native_type::lane;

  static constexpr unsigned size() { return N; }
  static constexpr unsigned accum_bits() { return traits::value_bits; }
  static constexpr unsigned value_bits() {
    return detail::element<typename detail::element<value_type>::part>::bits;
  }
  static constexpr unsigned memory_bits() { return detail::element<value_type>::bits; }
  static constexpr unsigned bits() { return N * memory_bits(); }
  static constexpr bool is_complex() { return traits::is_complex; }
  static constexpr bool is_real() { return !is_complex(); }
  static constexpr bool is_floating_point() { return traits::is_floating; }

  AIE_HOST_INLINE accum() { lane.poison(); }
  // Accumulators with the same storage are the same register: acc48 is acc64.
  AIE_HOST_INLINE accum(const native_type &native) : native_type(native) {}
  template <detail::AnyVector V>
    requires(V::lane_count == N)
  AIE_HOST_INLINE explicit accum(const V &v, int shift = 0) {
    from_vector(v, shift);
  }

  AIE_HOST_INLINE native_type to_native() const { return *this; }

  template <detail::AnyVector V>
  AIE_HOST_INLINE void from_vector(const V &v, int shift = 0) {
    from_vector_sign(v, detail::element<typename V::value_type>::is_signed, shift);
  }
  template <detail::AnyVector V>
  AIE_HOST_INLINE void from_vector_sign(const V &v, bool sign, int shift = 0) {
    static_assert(V::lane_count == N, "from_vector: the vector must have as many lanes");
    detail::count_convert(detail::parts_of(bits(), 1024));
    detail::ups(lane, v.lane, shift, sign);
  }
  template <detail::AnyVector V>
    requires(V::lane_count == N)
  AIE_HOST_INLINE accum &operator=(const V &v) {
    from_vector(v);
    return *this;
  }

  template <class U>
  AIE_HOST_INLINE vector<U, N> to_vector_sign(bool sign, int shift = 0) const {
    if constexpr (std::is_same_v<U, float>)
      detail::count_move(detail::wholes<U, N>);
    else
      detail::count_convert(detail::parts_of(bits(), is_floating_point() ? 512 : 1024));
    vector<U, N> out;
    detail::srs(out.lane, lane, shift, sign);
    return out;
  }
  template <class U>
  AIE_HOST_INLINE vector<U, N> to_vector(int shift = 0) const {
    return to_vector_sign<U>(detail::element<U>::is_signed, shift);
  }
  AIE_HOST_INLINE auto to_vector(int shift = 0) const
    requires(traits::is_floating)
  {
    return to_vector<value_type>(shift);
  }

  // Float accumulators are vectors where one is wanted: `vector<bfloat16, 16> y = aie::mul(a, b);`
  template <class U>
    requires(traits::is_floating && N <= 32 && detail::element<U>::is_floating &&
             detail::element<U>::is_complex == traits::is_complex)
  AIE_HOST_INLINE operator vector<U, N>() const {
    return to_vector<U>();
  }

  template <unsigned M>
  AIE_HOST_INLINE accum<Tag, M> extract(unsigned i) const {
    static_assert(M <= N && N % M == 0, "accum::extract: the part must divide the accumulator");
    accum<Tag, M> part;
    detail::by_lanes(part.lane, [&](unsigned k) { return lane.get(i * M + k); });
    return part;
  }
  template <unsigned M>
  AIE_HOST_INLINE accum &insert(unsigned i, const detail::native_accum<storage_class, M> &part) {
    static_assert(M <= N && N % M == 0, "accum::insert: the part must divide the accumulator");
    for (unsigned k = 0; k < M; ++k) lane.set(i * M + k, part.lane.get(k));
    return *this;
  }
  template <unsigned M>
  AIE_HOST_INLINE accum<Tag, M> grow(unsigned i = 0) const {
    accum<Tag, M> grown;
    grown.insert(i, *this);
    return grown;
  }
  template <unsigned M>
  AIE_HOST_INLINE accum<Tag, M> grow_replicate() const {
    accum<Tag, M> grown;
    for (unsigned i = 0; i < M / N; ++i) grown.insert(i, *this);
    return grown;
  }
  template <unsigned M>
  AIE_HOST_INLINE accum<Tag, M> grow_extract(unsigned i) const {
    if constexpr (M <= N)
      return extract<M>(i);
    else
      return grow<M>();
  }
  template <unsigned Parts>
  AIE_HOST_INLINE auto split() const {
    std::array<accum<Tag, N / Parts>, Parts> parts;
    for (unsigned i = 0; i < Parts; ++i) parts[i] = extract<N / Parts>(i);
    return parts;
  }
  template <class... Parts>
  AIE_HOST_INLINE accum &upd_all(const Parts &...parts) {
    unsigned i = 0;
    (insert(i++, parts), ...);
    return *this;
  }
  template <class Tag2>
  AIE_HOST_INLINE auto cast_to() const {
    using Lane = detail::accumulator_lane<Tag2>;
    accum<Tag2, bits() / detail::element<Lane>::bits> cast;
    detail::copy_bits(cast.lane, lane);
    return cast;
  }
};

template <class Storage, unsigned N>
accum(const detail::native_accum<Storage, N> &) -> accum<Storage, N>;

namespace detail {

template <class A>
using accum_of = accum<typename A::storage, A::lane_count>;

// The tag an operation accumulates in unless the caller names one.
template <class A, class B>
struct default_tag {
  static constexpr unsigned wide = element<A>::bits / (element<A>::is_complex ? 2 : 1);
  static constexpr unsigned other = element<B>::bits / (element<B>::is_complex ? 2 : 1);
  static constexpr bool is_complex = element<A>::is_complex || element<B>::is_complex;
  static constexpr bool is_floating = element<A>::is_floating || element<B>::is_floating;
  static_assert(element<A>::is_floating == element<B>::is_floating,
                "mul: integers and floats do not mix; convert one of the operands");
  static_assert(is_floating || (wide <= 16 && other <= 16) || (wide >= 16 && other >= 16),
                "mul: AIE2 has no multiplication of 32-bit by 8-bit integers; cast the element or "
                "unpack the vector");
  using type = std::conditional_t<
      is_floating, std::conditional_t<is_complex, caccfloat, accfloat>,
      std::conditional_t<is_complex, cacc64,
                         std::conditional_t<(wide <= 16 && other <= 16), acc32, acc64>>>;
};
template <class Tag, class A, class B>
using tag_or_default = typename std::conditional_t<std::is_same_v<Tag, accauto>, default_tag<A, B>,
                                                   std::type_identity<Tag>>::type;

}  // namespace detail

}  // namespace aie
