// arith.cmpi and arith.cmpf by predicate.
#pragma once

#include "numbers.hpp"

namespace ironbird::op {

template <typename T>
bool cmpi_eq(T a, T b) {
  return a == b;
}
template <typename T>
bool cmpi_ne(T a, T b) {
  return a != b;
}
template <typename T>
bool cmpi_slt(T a, T b) {
  return as_signed(a) < as_signed(b);
}
template <typename T>
bool cmpi_sle(T a, T b) {
  return as_signed(a) <= as_signed(b);
}
template <typename T>
bool cmpi_sgt(T a, T b) {
  return as_signed(a) > as_signed(b);
}
template <typename T>
bool cmpi_sge(T a, T b) {
  return as_signed(a) >= as_signed(b);
}
template <typename T>
bool cmpi_ult(T a, T b) {
  return as_unsigned(a) < as_unsigned(b);
}
template <typename T>
bool cmpi_ule(T a, T b) {
  return as_unsigned(a) <= as_unsigned(b);
}
template <typename T>
bool cmpi_ugt(T a, T b) {
  return as_unsigned(a) > as_unsigned(b);
}
template <typename T>
bool cmpi_uge(T a, T b) {
  return as_unsigned(a) >= as_unsigned(b);
}

template <typename T>
bool unordered(T a, T b) {
  return a != a || b != b;
}
template <typename T>
bool cmpf_false(T, T) {
  return false;
}
template <typename T>
bool cmpf_oeq(T a, T b) {
  return a == b;
}
template <typename T>
bool cmpf_ogt(T a, T b) {
  return a > b;
}
template <typename T>
bool cmpf_oge(T a, T b) {
  return a >= b;
}
template <typename T>
bool cmpf_olt(T a, T b) {
  return a < b;
}
template <typename T>
bool cmpf_ole(T a, T b) {
  return a <= b;
}
template <typename T>
bool cmpf_one(T a, T b) {
  return a < b || a > b;
}
template <typename T>
bool cmpf_ord(T a, T b) {
  return !unordered(a, b);
}
template <typename T>
bool cmpf_ueq(T a, T b) {
  return unordered(a, b) || a == b;
}
template <typename T>
bool cmpf_ugt(T a, T b) {
  return unordered(a, b) || a > b;
}
template <typename T>
bool cmpf_uge(T a, T b) {
  return unordered(a, b) || a >= b;
}
template <typename T>
bool cmpf_ult(T a, T b) {
  return unordered(a, b) || a < b;
}
template <typename T>
bool cmpf_ule(T a, T b) {
  return unordered(a, b) || a <= b;
}
template <typename T>
bool cmpf_une(T a, T b) {
  return !(a == b);
}
template <typename T>
bool cmpf_uno(T a, T b) {
  return unordered(a, b);
}
template <typename T>
bool cmpf_true(T, T) {
  return true;
}

}  // namespace ironbird::op
