"""Texts of MLIR's own dialects that the samples of `aie` do not hold."""

# ruff: noqa: W291  (the lines are MLIR, shown as they are)

import pytest

from ironbird.ir import parse_module, print_module, verify_module

# Two spaces and spaces at line ends are MLIR's.
TEXTS = {
    "a choice between buffers": """\
module {
  func.func @pick(%arg0: index, %arg1: memref<4xi32>, %arg2: memref<4xi32>) {
    %0 = scf.index_switch %arg0 -> memref<4xi32> 
    case 0 {
      scf.yield %arg1 : memref<4xi32>
    }
    default {
      scf.yield %arg2 : memref<4xi32>
    }
    return
  }
}
""",
    "a choice between blocks": """\
module {
  func.func @pick(%arg0: i32, %arg1: memref<4xi32>, %arg2: memref<4xi32>) {
    cf.switch %arg0 : i32, [
      default: ^bb1(%arg1 : memref<4xi32>),
      1: ^bb1(%arg2 : memref<4xi32>),
      2: ^bb2
    ]
  ^bb1(%0: memref<4xi32>):  // 2 preds: ^bb0, ^bb0
    cf.br ^bb2
  ^bb2:  // 2 preds: ^bb0, ^bb1
    return
  }
}
""",
    "a block that nothing leads to": """\
module {
  func.func @lost() {
    return
  ^bb1:  // no predecessors
    return
  }
}
""",
    "numbers as wide as an address": """\
module {
  func.func @count(%arg0: index, %arg1: i32) -> i1 {
    %idx4 = index.constant 4
    %0 = index.add %arg0, %idx4
    %1 = index.casts %arg1 : i32 to index
    %2 = index.remu %0, %1
    %3 = index.cmp slt(%2, %idx4)
    return %3 : i1
  }
}
""",
    "a remainder of numbers with a fraction": """\
module {
  func.func @wrap(%arg0: f32, %arg1: f32) -> f32 {
    %0 = arith.remf %arg0, %arg1 : f32
    %1 = arith.remf %0, %arg1 fastmath<nnan> : f32
    %2 = arith.cmpf olt, %1, %arg1 fastmath<nnan> : f32
    %3 = arith.select %2, %0, %1 : f32
    return %3 : f32
  }
}
""",
    "maps with names": """\
#map = affine_map<(d0, d1)[s0] -> ((d0 - d1 * 2) floordiv 4 + s0)>
#map1 = affine_map<(d0) -> (-d0)>
module {
  func.func @place(%arg0: index, %arg1: index, %arg2: index) {
    %0 = affine.apply #map(%arg0, %arg1)[%arg2]
    %1 = affine.apply #map1(%0)
    %2 = affine.apply #map(%arg1, %arg0)[%arg2]
    return
  }
}
""",
    "a loop that carries nothing": """\
module {
  func.func @spin(%arg0: i1) {
    scf.while : () -> () {
      scf.condition(%arg0)
    } do {
      scf.yield
    }
    return
  }
}
""",
    "a loop that carries two values": """\
module {
  func.func @spin(%arg0: i1, %arg1: i32, %arg2: i8) -> i8 {
    %0:2 = scf.while (%arg3 = %arg1, %arg4 = %arg2) : (i32, i8) -> (i8, i32) {
      scf.condition(%arg0) %arg4, %arg3 : i8, i32
    } do {
    ^bb0(%arg3: i8, %arg4: i32):
      scf.yield %arg4, %arg3 : i32, i8
    }
    return %0#0 : i8
  }
}
""",
    "blocks inside an expression": """\
module {
  func.func @pick(%arg0: i32) -> i32 {
    %0 = scf.execute_region -> i32 {
      cf.br ^bb1
    ^bb1:  // pred: ^bb0
      scf.yield %arg0 : i32
    }
    scf.execute_region {
      scf.yield
    }
    return %0 : i32
  }
}
""",
    "two results, each with its name": """\
module {
  func.func @carry(%arg0: i32) -> i32 {
    %sum, %overflow = arith.addui_extended %arg0, %arg0 : i32, i1
    %low, %high = arith.mulsi_extended %arg0, %sum : i32
    %sum_0, %overflow_1 = arith.addui_extended %low, %high : i32, i1
    return %sum_0 : i32
  }
}
""",
    "the least of a map's results": """\
#map = affine_map<(d0)[s0] -> (d0, s0 * 4)>
module {
  func.func @clamp(%arg0: index, %arg1: index) {
    %0 = affine.min #map(%arg0)[%arg1]
    return
  }
}
""",
    "a call inside a function": """\
module {
  func.func private @leaf(i32) -> i32
  func.func @tree(%arg0: i32) -> i32 {
    %0 = call @leaf(%arg0) : (i32) -> i32
    %c1 = arith.constant 1 : index
    scf.for %arg1 = %c1 to %c1 step %c1 {
      %1 = func.call @leaf(%0) : (i32) -> i32
    }
    return %0 : i32
  }
}
""",
    "vectors compared lane by lane": """\
module {
  func.func @larger(%arg0: vector<16xi32>, %arg1: vector<16xi32>) -> vector<16xi32> {
    %0 = arith.cmpi sgt, %arg0, %arg1 : vector<16xi32>
    %1 = arith.select %0, %arg0, %arg1 : vector<16xi1>, vector<16xi32>
    return %1 : vector<16xi32>
  }
}
""",
}


@pytest.mark.parametrize("title", TEXTS)
def test_the_text_prints_back_as_it_stands(title: str) -> None:
    text = TEXTS[title]
    module = parse_module(text)
    verify_module(module)
    assert print_module(module) == text + "\n"
