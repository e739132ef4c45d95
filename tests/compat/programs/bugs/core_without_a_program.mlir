// A core that runs an ELF file.
module {
  aie.device(npu1_1col) {
    %tile_0_2 = aie.tile(0, 2)
    %core_0_2 = aie.core(%tile_0_2) { // BUG
      aie.end
    } {elf_file = "core_0_2.elf"}
  }
}
