// The AIE API for AIE2 on the host: kernels compile unchanged and give the chip's bits.
//
// ironbird/core.hpp says how a kernel library is built. What AIE2 does not have fails to compile.
#pragma once

#include <stddef.h>
#include <stdint.h>
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

#include "detail/absent.hpp"
#include "detail/accum.hpp"
#include "detail/arithmetic.hpp"
#include "detail/bitwise.hpp"
#include "detail/buffer_stream.hpp"
#include "detail/compare.hpp"
#include "detail/elementary.hpp"
#include "detail/fixed_float.hpp"
#include "detail/intrinsics_alu.hpp"
#include "detail/intrinsics_convert.hpp"
#include "detail/intrinsics_element.hpp"
#include "detail/intrinsics_lut.hpp"
#include "detail/intrinsics_mac.hpp"
#include "detail/intrinsics_shuffle.hpp"
#include "detail/io.hpp"
#include "detail/iterator.hpp"
#include "detail/lut.hpp"
#include "detail/mask.hpp"
#include "detail/memory.hpp"
#include "detail/mmul.hpp"
#include "detail/multiply.hpp"
#include "detail/native.hpp"
#include "detail/permute.hpp"
#include "detail/reduce.hpp"
#include "detail/scalar.hpp"
#include "detail/sliding.hpp"
#include "detail/vector.hpp"

// Macros: after everything that uses those names as names.
#include "detail/erased.hpp"
