// The AIE API for AIE2 on the host: kernels compile unchanged and give the chip's bits.
//
// ironbird/core.hpp says how a kernel library is built. What AIE2 does not have fails to compile.
#pragma once

#include <stdint.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include "detail/scalar.hpp"
#include "detail/native.hpp"
#include "detail/vector.hpp"
#include "detail/accum.hpp"
#include "detail/mask.hpp"
#include "detail/memory.hpp"
#include "detail/iterator.hpp"
#include "detail/arithmetic.hpp"
#include "detail/multiply.hpp"
#include "detail/mmul.hpp"
#include "detail/bitwise.hpp"
#include "detail/compare.hpp"
#include "detail/reduce.hpp"
#include "detail/permute.hpp"
#include "detail/elementary.hpp"
#include "detail/fixed_float.hpp"
#include "detail/lut.hpp"
#include "detail/sliding.hpp"
#include "detail/io.hpp"
#include "detail/intrinsics_element.hpp"
#include "detail/intrinsics_alu.hpp"
#include "detail/intrinsics_shuffle.hpp"
#include "detail/intrinsics_convert.hpp"
#include "detail/intrinsics_mac.hpp"
#include "detail/intrinsics_lut.hpp"
#include "detail/erased.hpp"
