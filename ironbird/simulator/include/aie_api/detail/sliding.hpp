// Sliding multiplications and accumulate: sums of products over shifted windows of a register.
//
//   out[l] = sum over p of coeff[coeff_start + p*CoeffStep] * data[data_start + l*DataStepY +
//   p*DataStepX]
//
// Indices wrap at the registers' lanes. bf16 takes one product a step, in increasing p.
#pragma once

#include "multiply.hpp"

namespace aie {

namespace detail {

template <Term Sign, unsigned Points, int CoeffStep, int DataStepX, int DataStepY, class Lane,
          unsigned Lanes, class C, class D>
AIE_HOST_INLINE void slide(lanes<Lane, Lanes> &acc, const C &coeff, unsigned coeff_start,
                           const D &data, unsigned data_start, bool has_acc) {
  using TC = typename C::value_type;
  using TD = typename D::value_type;
  if (!has_acc) by_lanes(acc, [](unsigned) { return Lane{}; });
  for (unsigned p = 0; p < Points; ++p) {
    lanes<TC, Lanes> x;
    lanes<TD, Lanes> y;
    const TC factor = coeff.lane.get((coeff_start + p * CoeffStep) % C::lane_count);
    by_lanes(x, [&](unsigned) { return factor; });
    by_lanes(y, [&](unsigned l) {
      return data.lane.get((data_start + l * DataStepY + p * DataStepX) % D::lane_count);
    });
    product_sum<Sign>(acc, x, y, true);
  }
}

template <class C, class D>
constexpr unsigned sliding_points_per_mac() {
  if (element<C>::is_floating) return 1;
  return element<C>::bits == 8 && element<D>::bits == 8 ? 8 : 4;
}
template <class C, class D>
constexpr unsigned sliding_lanes_per_mac() {
  return element<C>::bits == 8 && element<D>::bits == 8 ? 32 : 16;
}

}  // namespace detail

template <unsigned Lanes, unsigned Points, int CoeffStep, int DataStepX, int DataStepY,
          class CoeffType, class DataType = CoeffType, class AccumTag = accauto>
struct sliding_mul_ops {
  static_assert(CoeffStep == 1 || CoeffStep == 2,
                "sliding_mul: AIE2 takes coefficients in steps of 1 or 2");
  static_assert(DataStepX == 1 || DataStepX == 2,
                "sliding_mul: AIE2 takes data points in steps of 1 or 2");
  static_assert(detail::element<CoeffType>::bits > 8 || DataStepY == DataStepX || DataStepY == 1,
                "sliding_mul: 8-bit data needs DataStepY equal to DataStepX on AIE2");
  static_assert(detail::element<CoeffType>::bits <= 16 || detail::element<CoeffType>::is_floating ||
                    CoeffStep == 1,
                "sliding_mul: 32-bit and 64-bit accumulations need CoeffStep 1 on AIE2");
  static_assert(Lanes % 8 == 0, "sliding_mul: the lanes must be a multiple of 8");

  using coeff_type = CoeffType;
  using data_type = DataType;
  using tag = detail::tag_or_default<AccumTag, CoeffType, DataType>;
  using accum_type = accum<tag, Lanes>;
  static constexpr unsigned lanes = Lanes, points = Points;
  static constexpr unsigned columns_per_mul = detail::sliding_points_per_mac<CoeffType, DataType>();
  static constexpr unsigned lanes_per_mul = detail::sliding_lanes_per_mac<CoeffType, DataType>();
  static constexpr unsigned num_mul =
      detail::parts_of(Points, columns_per_mul) * detail::parts_of(Lanes, lanes_per_mul);

  template <class C, class D>
  static AIE_HOST_INLINE accum_type mul(const C &coeff, unsigned coeff_start, const D &data,
                                        unsigned data_start) {
    accum_type acc;
    run<detail::Term::add>(acc, coeff, coeff_start, data, data_start, false);
    return acc;
  }
  template <class C, class D>
  static AIE_HOST_INLINE accum_type negmul(const C &coeff, unsigned coeff_start, const D &data,
                                           unsigned data_start) {
    accum_type acc;
    run<detail::Term::subtract>(acc, coeff, coeff_start, data, data_start, false);
    return acc;
  }
  template <class A, class C, class D>
  static AIE_HOST_INLINE accum_type mac(const A &start, const C &coeff, unsigned coeff_start,
                                        const D &data, unsigned data_start) {
    accum_type acc(detail::start_of(start));
    run<detail::Term::add>(acc, coeff, coeff_start, data, data_start, true);
    return acc;
  }
  template <class A, class C, class D>
  static AIE_HOST_INLINE accum_type msc(const A &start, const C &coeff, unsigned coeff_start,
                                        const D &data, unsigned data_start) {
    accum_type acc(detail::start_of(start));
    run<detail::Term::subtract>(acc, coeff, coeff_start, data, data_start, true);
    return acc;
  }

 private:
  template <detail::Term Sign, class C, class D>
  static AIE_HOST_INLINE void run(accum_type &acc, const C &coeff, unsigned coeff_start,
                                  const D &data, unsigned data_start, bool has_acc) {
    static_assert(std::is_same_v<typename C::value_type, CoeffType> &&
                      std::is_same_v<typename D::value_type, DataType>,
                  "sliding_mul: the vectors must have the element types of the operation");
    if constexpr (detail::element<CoeffType>::is_floating)
      detail::count_mac_float(num_mul);
    else
      detail::count_mac_integer(num_mul);
    detail::slide<Sign, Points, CoeffStep, DataStepX, DataStepY>(acc.lane, coeff, coeff_start, data,
                                                                 data_start, has_acc);
  }
};

template <unsigned L, unsigned P, int CS, int DSX, class C, class D = C, class Tag = accauto>
using sliding_mul_x_ops = sliding_mul_ops<L, P, CS, DSX, 1, C, D, Tag>;
template <unsigned L, unsigned P, int CS, int DSY, class C, class D = C, class Tag = accauto>
using sliding_mul_y_ops = sliding_mul_ops<L, P, CS, 1, DSY, C, D, Tag>;
template <unsigned L, unsigned P, int CS, int DS, class C, class D = C, class Tag = accauto>
using sliding_mul_xy_ops = sliding_mul_ops<L, P, CS, DS, DS, C, D, Tag>;

template <unsigned Lanes, unsigned Points, int CoeffStep = 1, int DataStepX = 1,
          int DataStepY = DataStepX, class Tag = accauto, detail::AnyVector C, detail::AnyVector D>
AIE_HOST_INLINE auto sliding_mul(const C &coeff, unsigned coeff_start, const D &data,
                                 unsigned data_start) {
  return sliding_mul_ops<Lanes, Points, CoeffStep, DataStepX, DataStepY, typename C::value_type,
                         typename D::value_type, Tag>::mul(coeff, coeff_start, data, data_start);
}
template <unsigned Lanes, unsigned Points, int CoeffStep = 1, int DataStepX = 1,
          int DataStepY = DataStepX, detail::AnyAccum A, detail::AnyVector C, detail::AnyVector D>
AIE_HOST_INLINE auto sliding_mac(const A &acc, const C &coeff, unsigned coeff_start, const D &data,
                                 unsigned data_start) {
  return sliding_mul_ops<Lanes, Points, CoeffStep, DataStepX, DataStepY, typename C::value_type,
                         typename D::value_type, typename A::storage>::mac(acc, coeff, coeff_start,
                                                                           data, data_start);
}

// Depth-wise: the innermost dimension of data and coefficients is the channel.
template <unsigned Outputs, unsigned Channels, unsigned Points, int CoeffStep, int DataStepX,
          int DataStepY, class CoeffType, class DataType, class AccumTag = acc32>
struct sliding_mul_ch_ops {
  static_assert((Outputs == 4 && Channels == 8 && Points == 4) ||
                    (Outputs == 8 && Channels == 4 && Points == 8),
                "sliding_mul_ch: AIE2 has 4 outputs x 8 channels x 4 points and 8 x 4 x 8");
  using accum_type = accum<AccumTag, Outputs * Channels>;

  template <class C, class D>
  static AIE_HOST_INLINE accum_type mul(const C &coeff, unsigned coeff_start, const D &data,
                                        unsigned data_start) {
    return mac(zeros<AccumTag, Outputs * Channels>(), coeff, coeff_start, data, data_start);
  }
  template <class A, class C, class D>
  static AIE_HOST_INLINE accum_type mac(const A &start, const C &coeff, unsigned coeff_start,
                                        const D &data, unsigned data_start) {
    detail::count_mac_integer(1);
    accum_type acc(detail::start_of(start));
    detail::by_lanes(acc.lane, [&](unsigned i) {
      const unsigned output = i / Channels, channel = i % Channels;
      auto sum = acc.lane.get(i);
      for (unsigned p = 0; p < Points; ++p)
        sum = detail::lane_product_sum<detail::Term::add>(
            sum, coeff.lane.get((coeff_start + p * CoeffStep * Channels + channel) % C::lane_count),
            data.lane.get((data_start + (output * DataStepY + p * DataStepX) * Channels + channel) %
                          D::lane_count));
      return sum;
    });
    return acc;
  }
};

namespace detail {

template <unsigned Lanes, class Tag, class C, class... Data>
AIE_HOST_INLINE void accumulate_terms(accum<Tag, Lanes> &acc, const C &coeff, unsigned start,
                                      const Data &...data) {
  unsigned at = start;
  const auto term = [&](const auto &d) {
    static_assert(std::remove_cvref_t<decltype(d)>::lane_count >= Lanes,
                  "accumulate: data vectors are too short");
    using TD = typename std::remove_cvref_t<decltype(d)>::value_type;
    lanes<typename C::value_type, Lanes> x;
    lanes<TD, Lanes> y;
    const auto factor = coeff.lane.get(at++ % C::lane_count);
    by_lanes(x, [&](unsigned) { return factor; });
    by_lanes(y, [&](unsigned i) { return d.lane.get(i); });
    count_product<typename C::value_type, TD, Tag, Lanes>();
    product_sum<Term::add>(acc.lane, x, y, true);
  };
  (term(data), ...);
}

}  // namespace detail

// out[l] = (acc[l]) + sum over c of coeff[start + c] * data_c[l]. Floats: one term a step, in
// order; the chip may take two terms a step (order unknown).
template <unsigned Lanes, class Tag = accauto, detail::AnyVector C, detail::AnyVector D,
          class... Rest>
AIE_HOST_INLINE auto accumulate(const C &coeff, unsigned coeff_start, const D &data,
                                const Rest &...rest) {
  using R = detail::tag_or_default<Tag, typename C::value_type, typename D::value_type>;
  accum<R, Lanes> acc;
  detail::by_lanes(acc.lane, [](unsigned) { return detail::accumulator_lane<R>{}; });
  detail::accumulate_terms(acc, coeff, coeff_start, data, rest...);
  return acc;
}
template <unsigned Lanes, detail::AnyAccum A, detail::AnyVector C, detail::AnyVector D,
          class... Rest>
AIE_HOST_INLINE auto accumulate(const A &start, const C &coeff, unsigned coeff_start, const D &data,
                                const Rest &...rest) {
  detail::accum_type_t<A> acc(start);
  detail::accumulate_terms(acc, coeff, coeff_start, data, rest...);
  return acc;
}

}  // namespace aie
