// C (M x N) += A (M x K) * B (K x N) on the lanes of three registers, all row major.
//
// Sixteen lanes of C are computed together: for each k the elements of A and B that meet in a lane
// are brought there by compile-time shuffles. bf16 sums up to eight k in one step of the
// multiplier; K = 16 takes k 0-7, then 8-15 (the order on silicon is unknown). Integers have no
// order.
#pragma once

#include "float_emulation.hpp"

namespace aie::detail {

// A typedef in a class, because gcc drops `vector_size` from an alias in a template.
template <class T>
struct Aligned {
  typedef T type __attribute__((vector_size(16 * sizeof(T))));
};

// Sixteen consecutive elements of a register, widened; what lies beyond the register is zero.
template <class Wide, class T, unsigned Count>
AIE_HOST_INLINE Wide chunk(const lanes<T, Count> &v, unsigned c) {
  if constexpr (Count % 16 != 0 || is_nibble<T>) {
    Wide padded{};
    for (unsigned i = 0; i < 16 && 16 * c + i < Count; ++i) padded[i] = v.get(16 * c + i);
    return padded;
  } else if constexpr (std::is_same_v<Wide, f32x16>) {
    return v.group(c);
  } else {
    // A copy of the vector's own alignment, because a reference to the register has only T's.
    const typename Aligned<T>::type part = *(const simd<T, 16> *)(v.e + 16 * c);
    return convert16<Wide>(part);
  }
}

// Lanes that chunks [First, Last] contribute: lane l takes element Index(l) of the register.
template <auto Index>
struct FromTwo {
  static constexpr unsigned base = Index(0) / 16 * 16;
  constexpr unsigned operator()(unsigned l) const {
    const unsigned at = Index(l) - base;
    return at < 32 ? at : 0;
  }
};
template <auto Index>
struct FromUpperTwo {
  static constexpr unsigned base = Index(8) / 16 * 16;
  constexpr unsigned operator()(unsigned l) const { return l < 8 ? 0 : Index(l) - base; }
};
struct LowerThenUpper {
  constexpr unsigned operator()(unsigned l) const { return l < 8 ? l : 16 + l; }
};

template <auto Index, class Wide, unsigned Chunks>
AIE_HOST_INLINE Wide gathered(const Wide (&from)[Chunks]) {
  constexpr unsigned first = Index(0) / 16, last = Index(15) / 16;
  if constexpr (last <= first + 1) {
    return pick<16, FromTwo<Index>{}>(from[first], from[last]);
  } else {
    constexpr unsigned upper = Index(8) / 16;
    static_assert(last <= upper + 1);
    const Wide low = pick<16, FromTwo<Index>{}>(from[first], from[first + 1]);
    const Wide high = pick<16, FromUpperTwo<Index>{}>(from[upper], from[last]);
    return pick<16, LowerThenUpper{}>(low, high);
  }
}

// Lane l of group G of C is row (16 G + l) / N, column l % N.
template <unsigned K, unsigned N, unsigned G, unsigned At>
struct ElementOfA {
  constexpr unsigned operator()(unsigned l) const { return (16 * G + l) / N * K + At; }
};
template <unsigned N, unsigned At>
struct ElementOfB {
  constexpr unsigned operator()(unsigned l) const { return At * N + l % N; }
};

template <class Wide, class T, unsigned Count>
struct Chunks {
  static constexpr unsigned chunk_count = parts_of(Count, 16);
  Wide chunk_[chunk_count];
  AIE_HOST_INLINE explicit Chunks(const lanes<T, Count> &v) {
    for (unsigned c = 0; c < chunk_count; ++c) chunk_[c] = chunk<Wide>(v, c);
  }
};

// Sixteen 64-bit sums of 32-bit terms, in host vectors of eight or of four.
class LongSums {
 public:
  AIE_HOST_INLINE explicit LongSums(const int64_t *from) {
    for (int i = 0; i < parts; ++i) part_[i] = *(const simd<int64_t, lanes> *)(from + i * lanes);
  }
  AIE_HOST_INLINE void operator+=(const i32x16 &terms) {
    add(terms, std::make_integer_sequence<int, lanes>{});
  }
  AIE_HOST_INLINE void store(int64_t *to) const {
    for (int i = 0; i < parts; ++i) *(simd<int64_t, lanes> *)(to + i * lanes) = part_[i];
  }

 private:
  static constexpr int lanes = AIE_HOST_HALVES ? 4 : 8;
  static constexpr int parts = 16 / lanes;
  using Part = int64_t __attribute__((vector_size(8 * lanes)));

  template <int... I>
  AIE_HOST_INLINE void add(const i32x16 &terms, std::integer_sequence<int, I...>) {
#if AIE_HOST_HALVES
    const auto half = [&](i32x16::half v, int at) __attribute__((always_inline)) {
      part_[at] += __builtin_convertvector(__builtin_shufflevector(v, v, I...), Part);
      part_[at + 1] += __builtin_convertvector(__builtin_shufflevector(v, v, (4 + I)...), Part);
    };
    half(terms.low, 0);
    half(terms.high, 2);
#else
    part_[0] += __builtin_convertvector(__builtin_shufflevector(terms, terms, I...), Part);
    part_[1] += __builtin_convertvector(__builtin_shufflevector(terms, terms, (8 + I)...), Part);
#endif
  }

  Part part_[parts];
};

// One group of integer lanes, 32-bit products.
template <unsigned K, unsigned N, unsigned G, class Lane, unsigned Count, class A, class B,
          unsigned... Inner>
AIE_HOST_INLINE void integer_group(lanes<Lane, Count> &c, const A &a, const B &b,
                                   std::integer_sequence<unsigned, Inner...>) {
  Lane *out = c.e + 16 * G;
  if constexpr (sizeof(Lane) == 4) {
    i32x16 sum = load16<i32x16>(out);
    ((sum += gathered<ElementOfA<K, N, G, Inner>{}>(a.chunk_) *
             gathered<ElementOfB<N, Inner>{}>(b.chunk_)),
     ...);
    store16(out, sum);
  } else {
    LongSums sums(out);
    ((sums += gathered<ElementOfA<K, N, G, Inner>{}>(a.chunk_) *
              gathered<ElementOfB<N, Inner>{}>(b.chunk_)),
     ...);
    sums.store(out);
  }
}

// One group of fp32 lanes and the eight (or fewer) values of k from First on: one native step.
template <unsigned K, unsigned N, unsigned G, unsigned First, unsigned ChunksA, unsigned ChunksB,
          unsigned... Inner>
AIE_HOST_INLINE f32x16 float_group_step(f32x16 acc, const f32x16 (&a)[ChunksA],
                                        const f32x16 (&b)[ChunksB], u32x16 hazard,
                                        std::integer_sequence<unsigned, Inner...>) {
  const f32x16 x[] = {gathered<ElementOfA<K, N, G, First + Inner>{}>(a)...};
  const f32x16 y[] = {gathered<ElementOfB<N, First + Inner>{}>(b)...};
  return mac16<sizeof...(Inner)>(acc, x, y, hazard);
}

template <unsigned ChunksA, unsigned ChunksB>
AIE_HOST_INLINE u32x16 chunks_hazard(const f32x16 (&a)[ChunksA], const f32x16 (&b)[ChunksB]) {
  u32x16 hazard{};
  if constexpr (silicon) {
    for (const f32x16 &x : a) hazard |= operand_hazard(x);
    for (const f32x16 &y : b) hazard |= operand_hazard(y);
  }
  return hazard;
}

template <unsigned K, unsigned N, unsigned G, unsigned ChunksA, unsigned ChunksB>
AIE_HOST_INLINE f32x16 float_group(f32x16 acc, const f32x16 (&a)[ChunksA],
                                   const f32x16 (&b)[ChunksB], u32x16 hazard) {
  if constexpr (K > 8) {
    acc =
        float_group_step<K, N, G, 0>(acc, a, b, hazard, std::make_integer_sequence<unsigned, 8>{});
    return float_group_step<K, N, G, 8>(acc, a, b, hazard,
                                        std::make_integer_sequence<unsigned, K - 8>{});
  } else {
    return float_group_step<K, N, G, 0>(acc, a, b, hazard,
                                        std::make_integer_sequence<unsigned, K>{});
  }
}

// The parts of a register of fp32, each part a bf16 value: parts[p][chunk].
template <unsigned Count>
struct SplitChunks {
  f32x16 part[3][Count];
  AIE_HOST_INLINE explicit SplitChunks(const f32x16 (&from)[Count]) {
    for (unsigned c = 0; c < Count; ++c) {
      const FloatParts parts(from[c]);
      for (int p = 0; p < 3; ++p) part[p][c] = parts.part[p];
    }
  }
};

template <unsigned K, unsigned N, unsigned G, unsigned ChunksA, unsigned ChunksB>
AIE_HOST_INLINE f32x16 emulated_group(f32x16 acc, const SplitChunks<ChunksA> &a,
                                      const SplitChunks<ChunksB> &b) {
  f32x16 sum{};
  for (unsigned i = 0; i + 1 < float_product_macs; ++i) {
    const auto &x = a.part[part_pairs[i].a];
    const auto &y = b.part[part_pairs[i].b];
    sum = float_group<K, N, G>(sum, x, y, chunks_hazard(x, y));
  }
  // The largest partial products meet the chain and the accumulator in one step.
  return [&]<unsigned... Inner>(std::integer_sequence<unsigned, Inner...>) {
    const f32x16 x[] = {gathered<ElementOfA<K, N, G, Inner>{}>(a.part[0])...};
    const f32x16 y[] = {gathered<ElementOfB<N, Inner>{}>(b.part[0])...};
    return mac16_silicon<K, true>(sum, acc, x, y, hazard_of(x, y));
  }(std::make_integer_sequence<unsigned, K>{});
}

template <unsigned M, unsigned K, unsigned N, class A, class B>
AIE_HOST_INLINE void float_mmul(lanes<float, M * N> &c, const lanes<A, M * K> &a,
                                const lanes<B, K * N> &b) {
  const Chunks<f32x16, A, M * K> x(a);
  const Chunks<f32x16, B, K * N> y(b);
  [&]<unsigned... G>(std::integer_sequence<unsigned, G...>) {
    if constexpr (std::is_same_v<A, bfloat16> || !silicon) {
      const u32x16 hazard = chunks_hazard(x.chunk_, y.chunk_);
      (c.set_group(G, float_group<K, N, G>(c.group(G), x.chunk_, y.chunk_, hazard)), ...);
    } else {
      const SplitChunks split_x(x.chunk_);
      const SplitChunks split_y(y.chunk_);
      (c.set_group(G, emulated_group<K, N, G>(c.group(G), split_x, split_y)), ...);
    }
  }(std::make_integer_sequence<unsigned, M * N / 16>{});
}

// cbf16: the real products of a lane, at most sixteen, in one step.
template <bool Imaginary, class A, class B>
inline float complex_float_lane(float acc, const A *a, const B *b, unsigned stride_b,
                                unsigned inner) {
  bfloat16 x[16], y[16];
  unsigned products = 0;
  const auto add = [&](bfloat16 p, bfloat16 q) {
    x[products] = p;
    y[products++] = q;
  };
  for (unsigned k = 0; k < inner; ++k) {
    const bfloat16 minus = bfloat16::from_bits(a[k].imag.bits ^ 0x8000);
    if constexpr (element<B>::is_complex) {
      const B q = b[k * stride_b];
      add(a[k].real, Imaginary ? q.imag : q.real);
      add(Imaginary ? a[k].imag : minus, Imaginary ? q.real : q.imag);
    } else {
      add(Imaginary ? a[k].imag : a[k].real, b[k * stride_b]);
    }
  }
  return mac_lane(acc, x, y, products);
}

}  // namespace aie::detail
