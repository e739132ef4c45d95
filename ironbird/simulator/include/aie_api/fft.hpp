// Part of aie.hpp, under the name that kernels also include.
#pragma once
#include "aie.hpp"
