# ruff: noqa: E501 - MLIR text keeps its lines
"""A module that keeps every rule of the hardware, and what breaks each of them.

Above 400 lines because it is a table: a row for each way to break each rule.
"""

from ironbird.passes import verify_physical as rules

SOUND = """module {
aie.device(npu1) {
%shim = aie.tile(0, 0)
%mem = aie.tile(0, 1)
%mem_east = aie.tile(1, 1)
%mem_far = aie.tile(2, 1)
%tile = aie.tile(0, 2)
%tile_east = aie.tile(1, 2)
%x = aie.buffer(%tile) {address = 1024 : i32, sym_name = "x"} : memref<64xi32>
%y = aie.buffer(%tile) {address = 2048 : i32, sym_name = "y"} : memref<64xi32>
%east = aie.buffer(%tile_east) {address = 1024 : i32, sym_name = "east"} : memref<64xi32>
%big = aie.buffer(%mem) {address = 0 : i32, sym_name = "big"} : memref<8x16xi16>
%far = aie.buffer(%mem_far) {address = 0 : i32, sym_name = "far"} : memref<64xi32>
%beside = aie.buffer(%mem_east) {address = 0 : i32, sym_name = "beside"} : memref<64xi32>
%free = aie.lock(%tile, 0) {init = 1 : i32, sym_name = "free"}
%full = aie.lock(%tile, 1) {init = 0 : i32, sym_name = "full"}
%far_lock = aie.lock(%mem_far, 0) {init = 0 : i32, sym_name = "far_lock"}
%east_lock = aie.lock(%tile_east, 0) {init = 0 : i32, sym_name = "east_lock"}
%core = aie.core(%tile) {
%c0 = arith.constant 0 : index
%one = arith.constant 1 : i32
aie.use_lock(%full, AcquireGreaterEqual, %one)
%v = memref.load %x[%c0] : memref<64xi32>
aie.use_lock(%free, Release, %one)
aie.end
} {stack_size = 1024 : i32}
%dma = aie.mem(%tile) {
%one = arith.constant 1 : i32
%s = aie.dma_start(S2MM, 0, ^into, ^more)
^into:
aie.use_lock(%free, AcquireGreaterEqual, %one)
aie.dma_bd(%x : memref<64xi32> offset = 0 len = 64) {bd_id = 0 : i32, next_bd_id = 0 : i32}
aie.use_lock(%full, Release, %one)
aie.next_bd ^into
^more:
%m = aie.dma_start(MM2S, 0, ^out, ^done)
^out:
aie.dma_bd(%y : memref<64xi32> offset = 0 len = 64 sizes = [8, 8] strides = [1, 8]) {bd_id = 1 : i32}
aie.next_bd ^done
^done:
aie.end
}
%mem_dma = aie.memtile_dma(%mem) {
%one = arith.constant 1 : i32
%s = aie.dma_start(MM2S, 0, ^even, ^more)
^even:
aie.dma_bd(%big : memref<8x16xi16> offset = 0 len = 200 sizes = [8, 16] strides = [16, 1] pad [<const_pad_before = 1, const_pad_after = 1>, <const_pad_before = 2, const_pad_after = 2>]) {bd_id = 0 : i32}
aie.next_bd ^done
^more:
%m = aie.dma_start(MM2S, 5, ^odd, ^done)
^odd:
aie.dma_bd(%big : memref<8x16xi16> offset = 0 len = 8) {bd_id = 24 : i32, iteration = #aie.bd_iteration<size = 4, stride = 16, current = 0>, packet = #aie.packet_info<pkt_type = 0, pkt_id = 3>}
aie.next_bd ^done
^done:
aie.end
}
%box = aie.switchbox(%tile) {
aie.connect<South : 0, DMA : 0>
%select = aie.amsel<0> (1)
%other = aie.amsel<1> (1)
%set = aie.masterset(DMA : 1, %select)
aie.packet_rules(East : 0) {
aie.rule(31, 4, %select)
}
}
%mem_box = aie.switchbox(%mem) {
aie.connect<DMA : 0, North : 0>
}
aie.runtime_sequence(%a: memref<96xi32>) {
%word = arith.constant 7 : i32
aiex.npu.rtp_write(@y, 3, %word) : i32
aiex.set_lock(%free, 1)
%t = aiex.dma_configure_task(%shim, MM2S, 0) {
aie.dma_bd(%a : memref<96xi32> offset = 0 len = 16) {bd_id = 0 : i32, iteration = #aie.bd_iteration<size = 6, stride = 16, current = 0>}
aie.end
} {repeat_count = 5 : i32}
}
}
}
"""

INTO = "a descriptor (S2MM 0 of tile (0, 2))"
OUT = "a descriptor (MM2S 0 of tile (0, 2))"
EVEN = "a descriptor (MM2S 0 of tile (0, 1))"
ODD = "a descriptor (MM2S 5 of tile (0, 1))"
TASK = "a descriptor (MM2S 0 of tile (0, 0))"

BY_HAND = "\n  try: no ids by hand: free ones are found"

# Rule, text of the sound module, what stands there instead, message without its line.
BROKEN = [
    (
        rules.cores_stand_on_core_tiles,
        "aie.core(%tile)",
        "aie.core(%mem)",
        "a core stands on tile (0, 1), which is a memory tile\n  try: rows 2..5",
    ),
    (
        rules.cores_stand_on_core_tiles,
        "%dma = aie.mem(%tile) {",
        "%second = aie.core(%tile) {\naie.end\n}\n%dma = aie.mem(%tile) {",
        "two cores stand on tile (0, 2)\n  because: the other one is at sound.mlir:19:9",
    ),
    (
        rules.stacks_fit,
        "stack_size = 1024",
        "stack_size = 65536",
        "the stack of the core on tile (0, 2) leaves no memory for buffers\n"
        "  because: stack_size is 65536 bytes; the tile has 65536\n"
        "  try: a smaller stack_size",
    ),
    (
        rules.buffers_lie_in_tile_memory,
        "address = 2048",
        "address = 65312",
        "buffer 'y' lies outside the memory of tile (0, 2)\n"
        "  because: it takes bytes 65312..65568; the tile has 65536\n"
        "  try: a lower address, or none: a free one is found",
    ),
    (
        rules.buffers_lie_in_tile_memory,
        "address = 2048 : i32, ",
        "",
        "buffer 'y' on tile (0, 2) has no address\n  try: the pass assign-buffer-addresses",
    ),
    (
        rules.buffers_are_aligned,
        "address = 2048",
        "address = 2052",
        "buffer 'y' on tile (0, 2) is not aligned\n"
        "  because: address 2052 is no multiple of 32 bytes\n"
        "  try: address 2048, or aligned = false",
    ),
    (
        rules.buffers_do_not_overlap,
        "address = 2048",
        "address = 1248",
        "buffer 'y' and buffer 'x' overlap on tile (0, 2)\n"
        "  because: bytes 1248..1504 and 1024..1280\n"
        "  try: no addresses by hand: free ones are found",
    ),
    (
        rules.buffers_do_not_overlap,
        "stack_size = 1024",
        "stack_size = 1056",
        "buffer 'x' and the core's stack overlap on tile (0, 2)\n"
        "  because: bytes 1024..1280 and 0..1056\n"
        "  try: no addresses by hand: free ones are found",
    ),
    (
        rules.cores_touch_memory_in_reach,
        "memref.load %x[",
        "memref.load %east[",
        "the core on tile (0, 2) uses buffer 'east' of tile (1, 2)\n"
        "  because: it reaches (0, 2), (0, 3)\n"
        "  try: a fifo between the two tiles",
    ),
    (
        rules.lock_ids_exist_once,
        "aie.lock(%tile, 1)",
        "aie.lock(%tile, 16)",
        "lock 'full' of tile (0, 2) has id 16\n  because: the tile has locks 0..15",
    ),
    (
        rules.lock_ids_exist_once,
        "aie.lock(%tile, 1)",
        "aie.lock(%tile, 0)",
        "lock 'full' and lock 'free' are both lock 0 of tile (0, 2)" + BY_HAND,
    ),
    (
        rules.lock_ids_exist_once,
        "aie.lock(%tile, 1)",
        "aie.lock(%tile)",
        "lock 'full' of tile (0, 2) has no id\n  try: the pass assign-lock-ids",
    ),
    (
        rules.lock_values_fit,
        'init = 1 : i32, sym_name = "free"',
        'init = 64 : i32, sym_name = "free"',
        "lock 'free' starts at 64\n  because: a lock holds 0..63",
    ),
    (
        rules.lock_values_fit,
        "aiex.set_lock(%free, 1)",
        "aiex.set_lock(%free, 64)",
        "the sequence sets lock 'free' to 64\n  because: a lock holds 0..63",
    ),
    (
        rules.lock_counts_fit,
        "%c0 = arith.constant 0 : index\n%one = arith.constant 1 : i32",
        "%c0 = arith.constant 0 : index\n%one = arith.constant 64 : i32",
        "lock 'full' is used with a count of 64\n  because: a lock holds 0..63",
    ),
    (
        rules.cores_use_locks_in_reach,
        "aie.use_lock(%full, AcquireGreaterEqual, %one)",
        "aie.use_lock(%east_lock, AcquireGreaterEqual, %one)",
        "the core on tile (0, 2) uses lock 'east_lock' of tile (1, 2)\n"
        "  because: it reaches (0, 2), (0, 3)",
    ),
    (
        rules.channels_exist,
        "aie.dma_start(MM2S, 5,",
        "aie.dma_start(MM2S, 6,",
        "MM2S 6 of tile (0, 1) does not exist\n  because: the tile has MM2S 0..5",
    ),
    (
        rules.channels_are_started_once,
        "aie.dma_start(MM2S, 5,",
        "aie.dma_start(MM2S, 0,",
        "MM2S 0 of tile (0, 1) is started twice\n"
        "  because: it is started at sound.mlir:45:6 already\n"
        "  try: another channel, or one chain with all descriptors",
    ),
    (
        rules.repeats_fit,
        "repeat_count = 5",
        "repeat_count = 256",
        "MM2S 0 of tile (0, 0) is to run a chain 257 times\n"
        "  because: the repeat field holds 1..256\n"
        "  try: several tasks",
    ),
    (
        rules.channels_pad_with_zeros,
        "^even, ^more)",
        "^even, ^more) {pad_value = 7 : i32}",
        "MM2S 0 of tile (0, 1) pads with 7\n  because: npu1 pads with 0\n  try: pad_value = 0",
    ),
    (
        rules.descriptor_ids_exist_once,
        "{bd_id = 24 : i32,",
        "{bd_id = 3 : i32,",
        f"{ODD} has id 3\n  because: its channel may use 24..47{BY_HAND}",
    ),
    (
        rules.descriptor_ids_exist_once,
        "{bd_id = 1 : i32}",
        "{bd_id = 0 : i32}",
        f"{OUT} and {INTO} both have id 0{BY_HAND}",
    ),
    (
        rules.descriptor_ids_exist_once,
        " {bd_id = 1 : i32}",
        "",
        f"{OUT} has no id\n"
        "  try: the pass assign-descriptor-ids, for a task assign-task-descriptor-ids",
    ),
    (
        rules.descriptor_lengths_match_layouts,
        "len = 64 sizes",
        "len = 60 sizes",
        f"{OUT} has a length that differs from its layout\n"
        "  because: the length is 60 elements; the layout has 8 x 8 = 64",
    ),
    (
        rules.descriptor_lengths_match_layouts,
        "len = 200",
        "len = 128",
        f"{EVEN} has a length that differs from its layout\n"
        "  because: the length is 128 elements; the layout, its zeros included, has 10 x 20 = 200",
    ),
    (
        rules.descriptor_layouts_fit,
        "sizes = [8, 8] strides = [1, 8]",
        "sizes = [2, 2, 2, 8] strides = [32, 1, 2, 4]",
        f"{OUT} has a layout that the tile cannot hold\n"
        "  because: 4 dimensions; a descriptor has 3\n"
        "  try: a layout with fewer, smaller steps, or objects of another shape",
    ),
    (
        rules.descriptor_layouts_fit,
        "sizes = [8, 16] strides = [16, 1]",
        "sizes = [16, 8] strides = [1, 16]",
        f"{EVEN} has a layout that the tile cannot hold\n"
        "  because: innermost stride is 16; elements of 2 bytes need 1\n"
        "  try: a layout with fewer, smaller steps, or objects of another shape",
    ),
    (
        rules.descriptor_iterations_fit,
        "size = 4, stride = 16",
        "size = 65, stride = 16",
        f"{ODD} iterates 65 times\n  because: the field holds 1..64\n  try: several transfers",
    ),
    (
        rules.descriptor_iterations_fit,
        "size = 4, stride = 16",
        "size = 4, stride = 15",
        f"{ODD} iterates in steps of 30 bytes\n"
        "  because: a step is 1..131072 words of 4 bytes\n"
        "  try: several transfers",
    ),
    (
        rules.descriptors_stay_in_their_buffer,
        "strides = [1, 8]",
        "strides = [1, 9]",
        f"{OUT} leaves its buffer\n"
        "  because: it visits elements 0..70; the buffer has 0..63\n"
        "  try: an offset and sizes that end inside the buffer",
    ),
    (
        rules.descriptors_stay_in_their_buffer,
        "repeat_count = 5 : i32",
        "repeat_count = 4 : i32",
        None,
    ),
    (
        rules.descriptors_stay_in_their_buffer,
        "size = 6, stride = 16",
        "size = 6, stride = 17",
        f"{TASK} leaves its buffer\n"
        "  because: it visits elements 0..100; the buffer has 0..95\n"
        "  try: an offset and sizes that end inside the buffer",
    ),
    (
        rules.descriptors_move_memory_in_reach,
        "aie.dma_bd(%x : memref<64xi32> offset",
        "aie.dma_bd(%east : memref<64xi32> offset",
        f"{INTO} moves buffer 'east' of tile (1, 2)\n"
        "  because: a DMA reaches the memory of its own tile",
    ),
    (
        rules.descriptors_move_memory_in_reach,
        "aie.dma_bd(%big : memref<8x16xi16> offset = 0 len = 8)",
        "aie.dma_bd(%far : memref<64xi32> offset = 0 len = 8)",
        f"{ODD} moves buffer 'far' of tile (2, 1)\n"
        "  because: a DMA reaches the memory of its own tile and of (1, 1)",
    ),
    (
        rules.descriptors_move_memory_in_reach,
        "aie.dma_bd(%big : memref<8x16xi16> offset = 0 len = 8)",
        "aie.dma_bd(%beside : memref<64xi32> offset = 0 len = 8)",
        f"{ODD} moves buffer 'beside' of tile (1, 1)\n"
        "  because: channels 4 and 5 of a memory tile reach the memory of their own tile only\n"
        "  try: a channel below 4",
    ),
    (
        rules.descriptors_move_memory_in_reach,
        "aiex.dma_configure_task(%shim, MM2S, 0)",
        "aiex.dma_configure_task(%mem, MM2S, 0)",
        f"{EVEN} moves memory of the host\n  because: only the DMA of a shim tile reaches it",
    ),
    (
        rules.descriptors_use_one_lock_each_way,
        "aie.use_lock(%full, Release, %one)\naie.next_bd",
        "aie.use_lock(%full, Release, %one)\naie.use_lock(%full, Release, %one)\naie.next_bd",
        f"{INTO} releases 2 times\n  because: a descriptor has one field for each",
    ),
    (
        rules.descriptors_use_locks_in_reach,
        "aie.use_lock(%full, Release, %one)\naie.next_bd",
        "aie.use_lock(%east_lock, Release, %one)\naie.next_bd",
        f"{INTO} uses lock 'east_lock' of tile (1, 2)\n"
        "  because: a DMA reaches the locks of its own tile",
    ),
    (
        rules.descriptors_use_locks_in_reach,
        "^odd:\n",
        "^odd:\naie.use_lock(%far_lock, AcquireGreaterEqual, %one)\n",
        f"{ODD} uses lock 'far_lock' of tile (2, 1)\n"
        "  because: a DMA reaches the locks of its own tile and of (1, 1)",
    ),
    (
        rules.padding_only_where_it_exists,
        "%s = aie.dma_start(MM2S, 0, ^even",
        "%s = aie.dma_start(S2MM, 0, ^even",
        "a descriptor (S2MM 0 of tile (0, 1)) adds zeros\n"
        "  because: only the sending side of a memory tile can\n"
        "  try: padding on the producer side of a fifo that leaves a memory tile",
    ),
    (
        rules.padding_only_where_it_exists,
        "<const_pad_before = 2, const_pad_after = 2>",
        "<const_pad_before = 1, const_pad_after = 3>",
        f"{EVEN} adds 2 bytes of zeros\n  because: the innermost padding is whole 32-bit words",
    ),
    (
        rules.padding_only_where_it_exists,
        "<const_pad_before = 1, const_pad_after = 1>",
        "<const_pad_before = 32, const_pad_after = 1>",
        f"{EVEN} adds 32 zeros in dimension 1 from the inside\n  because: the field holds 0..31",
    ),
    (
        rules.padding_only_where_it_exists,
        "sizes = [8, 16] strides = [16, 1] pad [",
        "sizes = [1, 1, 8, 16] strides = [1, 1, 16, 1] pad [<const_pad_before = 1, "
        "const_pad_after = 0>, <const_pad_before = 0, const_pad_after = 0>, ",
        f"{EVEN} adds zeros in a fourth dimension\n  because: there are fields for the lower 3",
    ),
    (
        rules.packet_headers_fit,
        "pkt_type = 0, pkt_id = 3",
        "pkt_type = 8, pkt_id = 3",
        f"{ODD} sends packets of type 8 and id 3\n"
        "  because: a header holds types 0..7 and ids 0..31",
    ),
    (
        rules.connections_exist,
        "aie.connect<South : 0, DMA : 0>",
        "aie.connect<South : 6, DMA : 0>",
        "a circuit in the switch of tile (0, 2) uses South 6\n"
        "  because: the switch has no such port",
    ),
    (
        rules.connections_exist,
        "aie.connect<DMA : 0, North : 0>",
        "aie.connect<South : 0, North : 1>",
        "a circuit in the switch of tile (0, 1) leads from South 0 to North 1\n"
        "  because: the switch does not connect these two",
    ),
    (
        rules.outputs_are_driven_once,
        "aie.connect<South : 0, DMA : 0>",
        "aie.connect<South : 0, DMA : 1>",
        "DMA 1 of the switch of tile (0, 2) is driven twice\n"
        "  because: an output listens to one circuit, or to one arbiter",
    ),
    (
        rules.outputs_are_driven_once,
        "aie.masterset(DMA : 1, %select)",
        "aie.masterset(DMA : 1, %select, %other)",
        "DMA 1 of the switch of tile (0, 2) listens to arbiters 0, 1\n"
        "  because: an output listens to one arbiter",
    ),
    (
        rules.arbiters_and_rules_exist,
        "aie.amsel<0> (1)",
        "aie.amsel<6> (1)",
        "the switch of tile (0, 2) has no select 1 of arbiter 6\n"
        "  because: arbiters are 0..5, selects 0..3",
    ),
    (
        rules.arbiters_and_rules_exist,
        "aie.rule(31, 4, %select)\n",
        5 * "aie.rule(31, 4, %select)\n",
        "East 0 of the switch of tile (0, 2) has 5 packet rules\n  because: an input has 4",
    ),
    (
        rules.arbiters_and_rules_exist,
        "aie.rule(31, 4, %select)",
        "aie.rule(31, 32, %select)",
        "a packet rule of tile (0, 2) has id 32\n  because: an id has 5 bits: 0..31",
    ),
    (
        rules.parameters_are_written_inside,
        "rtp_write(@y, 3,",
        "rtp_write(@y, 64,",
        "the sequence writes word 64 of buffer 'y'\n  because: it has words 0..63",
    ),
    (
        rules.parameters_are_written_inside,
        "rtp_write(@y,",
        "rtp_write(@nobody,",
        "the sequence writes a parameter to 'nobody', which is no buffer\n"
        "  because: the device has x, y, east, big, far, beside",
    ),
]
